# `make help` lists the targets. Tests are described in CONTRIBUTING.md.
JOBS ?= $(shell nproc)
PREFIX ?= /usr/local
STOCKWATCH_DATA ?= $(abspath ../shared/data)
export JOBS STOCKWATCH_DATA
# ccache finds the same unit in another folder.
export CCACHE_BASEDIR := $(CURDIR)
export CCACHE_NOHASHDIR := 1

STOCKWATCH := build/release/stockwatch
ONLINE_RETAIL := build/online-retail
TEST_SUITES := unit scenarios functional oracle checks fuzz-corpus
CI_SUITES := $(TEST_SUITES) header-check unit@asan scenarios@asan fuzz-corpus@asan digests \
             instructions format tidy-changed rotation
# What the tests of MongoDB do a little of, at length.
CAMPAIGN := STOCKWATCH_STEP_KILLS=100 STOCKWATCH_MONGO_SECONDS=90 STOCKWATCH_MONGO_KILLS=100 \
            STOCKWATCH_HELD_SECONDS=60 STOCKWATCH_STREAM_CHANGES=10000000 STOCKWATCH_LOAD=10

.DEFAULT_GOAL := help
.PHONY: help dependencies build run run-mongo test-quick test ci campaign bench lint format \
        online-retail goldens install clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

dependencies: ## install what is missing (Debian 12, by apt)
	tools/install-dependencies

build: build/release/build.ninja ## the release binary, build/release/stockwatch
	cmake --build --preset release -j $(JOBS) --target stockwatch

run: ## install what building needs, build, and watch a generated shop
	tools/install-dependencies build
	$(MAKE) --no-print-directory build
	tools/demo

run-mongo: ## the same from a MongoDB server of the tests' kind; Ctrl-C stops both
	tools/install-dependencies build
	$(MAKE) --no-print-directory build
	tools/demo-mongo

test-quick: ## unit tests of the dev build and the checks: for every commit
	tools/run-tests --preset dev unit checks

test: ## installs what is missing; unit, scenarios, functional, oracle, checks; ends with the count
	tools/install-dependencies build
	tools/run-tests $(TEST_SUITES)

ci: ## all that .ci/run runs: test, sanitizers, digests, instructions, lint of what changed
	tools/run-tests $(CI_SUITES)

campaign: ## the large numbers: long properties and fuzzing, all rotations; hours
	$(CAMPAIGN) tools/run-tests --rounds 10000 --fuzz-seconds 1200 $(TEST_SUITES) header-check unit@asan \
	  scenarios@asan unit@tsan digests instructions fuzz tidy

bench: build ## the canonical job; flags in BENCH="--events N --items M ..."
	$(STOCKWATCH) bench stock-rmw-1 $(BENCH) --output json

lint: ## format, clang-tidy and the checks of the tree
	tools/run-tests --preset dev format tidy checks

format: ## lay out the C++ files with clang-format
	tools/lint format --fix

online-retail: build ## replay ten months of a real shop (examples/online-retail/README.md)
	mkdir -p $(ONLINE_RETAIL)
	python3 examples/online-retail/convert.py \
	  "$(STOCKWATCH_DATA)/online-retail/online-retail-2010-12-to-2011-09.csv.gz" \
	  -o $(ONLINE_RETAIL)/changes.ndjson.gz --summary $(ONLINE_RETAIL)/summary.json
	$(STOCKWATCH) replay $(ONLINE_RETAIL)/changes.ndjson.gz \
	  --config examples/online-retail/stockwatch.yaml \
	  --export $(ONLINE_RETAIL)/export --output json > $(ONLINE_RETAIL)/result.json
	python3 examples/online-retail/plot.py $(ONLINE_RETAIL)

goldens: ## rewrite golden files and generated pages; read the diff before you commit it
	STOCKWATCH_UPDATE_GOLDENS=1 tools/run-tests unit scenarios checks
	git --no-pager diff --stat

install: build ## the binary into PREFIX/bin (/usr/local)
	install -D -m 755 $(STOCKWATCH) "$(DESTDIR)$(PREFIX)/bin/stockwatch"

clean: ## remove build/
	rm -rf build

build/release/build.ninja:
	cmake --preset release || { echo "is a package missing? make dependencies"; exit 1; }
