"""Which module may include which library: the compiler would find any of them in /usr/include."""

import re

from tree import fake_tree, includes, real_tree, report

STANDARD = re.compile(r"[a-z_0-9]+")  # <vector>, <cstdint>; not <stdio.h>

# (files, headers): the first pattern is matched against the path, the second against the header.
ALLOWED = [
    (r"src/.*\.cc", r"absl/.*"),  # inside .cc alone: its types stay out of our headers
    (r"src/base/digest\.cc", r"openssl/.*"),
    (r"src/adapters/openssl_cipher/.*\.cc", r"openssl/.*"),
    (r"src/base/huge_pages\.cc", r"sys/mman\.h"),
    (r"src/wire/ejson/.*", r"simdjson\.h"),
    (r"src/config/.*", r"yaml-cpp/.*"),
    (r"src/adapters/(file_source|rocksdb_store)/.*", r"zlib\.h"),
    (r"src/adapters/rocksdb_store/.*", r"rocksdb/.*"),
    (r"src/adapters/http_server/.*\.cc", r"boost/.*"),
    (r"src/adapters/http_server/.*\.cc", r"(arpa/inet|netinet/in)\.h"),
    (r"src/net/.*\.cc", r"curl/curl\.h"),
    (r"src/adapters/mongo_source/driver\.h", r"mongoc/mongoc\.h"),
    (r"src/adapters/mongo_source/driver\.cc", r"dlfcn\.h"),
    (r"src/net/.*\.cc", r"(sys/socket|arpa/inet|netinet/in)\.h"),
    (r"src/testing/scripted_mongo/channel\.cc", r"openssl/.*"),
    (r"src/testing/scripted_mongo/server.*\.cc", r"(arpa/inet|netinet/in)\.h"),
    (r"src/(adapters|app|testing)/.*\.cc|cmd/.*\.cc|bench/.*\.cc",
     r"(unistd|fcntl|poll|signal|sys/[a-z]+)\.h"),
    (r"tests/functional/.*\.cc", r"(unistd|dlfcn|malloc)\.h|rocksdb/file_system\.h"),
    (r"cmd/.*", r"CLI/.*"),
    (r"bench/.*", r"benchmark/.*"),
    (r".*_test\.cc|.*/store_fixtures\.h|src/testing/.*|tests/.*",
     r"(gtest|gmock)/.*|rapidcheck\.h|rapidcheck/.*"),
]


def wrong_headers(tree):
    found = []
    for name in tree.below("src", "cmd", "bench", "tests"):
        for line, kind, header in includes(tree.read(name)):
            if kind == '"' or STANDARD.fullmatch(header):
                continue
            if not any(re.fullmatch(files, name) and re.fullmatch(headers, header)
                       for files, headers in ALLOWED):
                found.append(f"{name}:{line}: <{header}> is not allowed here")
    return found


def test_libraries_stay_where_they_belong():
    report(wrong_headers(real_tree()))


def test_a_stray_library_is_found(tmp_path):
    tree = fake_tree(tmp_path, {
        "src/base/digest.cc": "#include <openssl/evp.h>\n#include <string>\n",
        "src/base/other.cc": "#include <openssl/evp.h>\n",
        "src/domain/key/key.h": "#include <absl/container/flat_hash_map.h>\n",
        "src/domain/key/key.cc": "#include <absl/container/flat_hash_map.h>\n"
                                 "#include <rocksdb/db.h>\n#include <stdio.h>\n",
        "src/domain/key/key_test.cc": "#include <gtest/gtest.h>\n",
        "src/wire/bson/bson.cc": "#include <simdjson.h>\n",
        "src/net/http_client.cc": "#include <curl/curl.h>\n",
        "src/net/http_client.h": "#include <curl/curl.h>\n",
        "src/adapters/http_server/http_server.cc": "#include <boost/beast/http.hpp>\n",
        "src/adapters/http_server/http_server.h": "#include <boost/beast/http.hpp>\n",
        "cmd/main.cc": "#include <CLI/CLI.hpp>\n"})
    assert wrong_headers(tree) == [
        "src/adapters/http_server/http_server.h:1: <boost/beast/http.hpp> is not allowed here",
        "src/base/other.cc:1: <openssl/evp.h> is not allowed here",
        "src/domain/key/key.cc:2: <rocksdb/db.h> is not allowed here",
        "src/domain/key/key.cc:3: <stdio.h> is not allowed here",
        "src/domain/key/key.h:1: <absl/container/flat_hash_map.h> is not allowed here",
        "src/net/http_client.h:1: <curl/curl.h> is not allowed here",
        "src/wire/bson/bson.cc:1: <simdjson.h> is not allowed here"]
