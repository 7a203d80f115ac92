#include "config/yaml_tree.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "base/utf8.h"
#include "domain/decode/decimal_text.h"
#include "domain/decode/show_value.h"

namespace stockwatch::config {
namespace {

std::string ShowString(std::string_view text) {
  event::RawValue value;
  value.type = event::ValueType::kString;
  value.bytes = text;
  return decode::ShowValue(value);
}

// Builds the tree from the events of the parser; what cannot go on is thrown as its own exception.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(Tree& tree, Mistakes& mistakes) : tree_(tree), mistakes_(mistakes) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_++ > 0) throw YAML::ParserException(mark, "more than one document");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (WantsKey()) throw YAML::ParserException(mark, "a key is empty");
    Scalar(mark, anchor, Node::Kind::kNull, {});
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    CheckTag(mark, tag);
    if (WantsKey()) return Key(mark, value);
    Scalar(mark, anchor, tag == "?" ? Node::Kind::kPlain : Node::Kind::kQuoted, value);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (WantsKey()) throw YAML::ParserException(mark, "an alias is no key");
    const Node* target = anchors_.at(anchor);
    if (target->height == 0) throw YAML::ParserException(mark, "an alias stands for what it is in");
    if (static_cast<int>(frames_.size()) + target->height > kYamlDepthMax) {
      throw YAML::ParserException(mark, "deeper than 32 levels");
    }
    Count(mark, target->size);
    Attach(*target, LineOf(mark));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Open(mark, tag, anchor, Node::Kind::kList);
  }
  void OnSequenceEnd() override { Close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    Open(mark, tag, anchor, Node::Kind::kMap);
  }
  void OnMapEnd() override { Close(); }

 private:
  // A container that is being filled.
  struct Frame {
    Frame(Node* container, std::string path_of_it) : node(container), path(std::move(path_of_it)) {}

    Node* node;
    std::string path;
    std::map<std::string, int> lines_of_keys;
    std::optional<Node::Entry> key;  // that has no value yet
    bool repeated = false;           // the key was there before
  };

  static int LineOf(const YAML::Mark& mark) { return mark.line + 1; }

  bool WantsKey() const {
    return !frames_.empty() && frames_.back().node->kind == Node::Kind::kMap && !frames_.back().key;
  }

  void Count(const YAML::Mark& mark, std::uint64_t nodes) {
    count_ += nodes;
    if (count_ > kYamlNodesMax) throw YAML::ParserException(mark, "more than 1000000 values");
  }

  // The path of the value that comes next.
  std::string NextPath() const {
    if (frames_.empty()) return {};
    const Frame& frame = frames_.back();
    return frame.key ? KeyPath(frame.path, frame.key->key)
                     : ItemPath(frame.path, frame.node->entries.size());
  }

  void CheckTag(const YAML::Mark& mark, const std::string& tag) {
    if (tag == "?" || tag == "!" || tag.empty()) return;
    mistakes_.Add(LineOf(mark), WantsKey() ? frames_.back().path : NextPath(),
                  "has a tag, which is not read: " + ShowString(tag));
  }

  void Key(const YAML::Mark& mark, const std::string& text) {
    Frame& frame = frames_.back();
    const auto [before, is_new] = frame.lines_of_keys.emplace(text, LineOf(mark));
    frame.repeated = !is_new;
    frame.key = Node::Entry{text, LineOf(mark)};
    if (frame.repeated) {
      mistakes_.Add(LineOf(mark), KeyPath(frame.path, text),
                    "is there already, in line " + std::to_string(before->second));
    }
  }

  Node& Make(const YAML::Mark& mark, YAML::anchor_t anchor, Node::Kind kind) {
    Count(mark, 1);
    Node& node = tree_.nodes.emplace_back();
    node.kind = kind;
    node.line = LineOf(mark);
    if (anchor != YAML::NullAnchor) anchors_[anchor] = &node;
    return node;
  }

  void Scalar(const YAML::Mark& mark, YAML::anchor_t anchor, Node::Kind kind,
              const std::string& text) {
    Node& node = Make(mark, anchor, kind);
    node.text = text;
    node.height = 1;
    Attach(node, node.line);
  }

  void Open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            Node::Kind kind) {
    CheckTag(mark, tag);
    if (WantsKey()) throw YAML::ParserException(mark, "a key is a list or a map");
    if (frames_.size() >= static_cast<std::size_t>(kYamlDepthMax)) {
      throw YAML::ParserException(mark, "deeper than 32 levels");
    }
    std::string path = NextPath();
    frames_.emplace_back(&Make(mark, anchor, kind), std::move(path));
  }

  void Close() {
    Node& node = *frames_.back().node;
    frames_.pop_back();
    int below = 0;
    for (const Node::Entry& entry : node.entries) {
      below = std::max(below, entry.value->height);
      node.size += entry.value->size;
    }
    node.height = below + 1;
    Attach(node, node.line);
  }

  void Attach(const Node& value, int line) {
    if (frames_.empty()) {
      tree_.root = &value;
      return;
    }
    Frame& frame = frames_.back();
    Node::Entry entry = frame.key ? *std::move(frame.key) : Node::Entry{{}, line};
    frame.key.reset();
    if (frame.repeated) {
      frame.repeated = false;
      return;
    }
    entry.value = &value;
    frame.node->entries.push_back(std::move(entry));
  }

  Tree& tree_;
  Mistakes& mistakes_;
  std::vector<Frame> frames_;
  std::map<YAML::anchor_t, const Node*> anchors_;
  std::uint64_t count_ = 0;
  int documents_ = 0;
};

// The parser takes some control characters for the end of the text, and does not check UTF-8.
bool CheckCharacters(std::string_view text, Mistakes& mistakes) {
  int line = 1;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    const std::string_view one = text.substr(0, end);
    const bool has_control = std::any_of(one.begin(), one.end(), [](char c) {
      const auto byte = static_cast<unsigned char>(c);
      return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7F;
    });
    if (has_control || !base::IsUtf8(one)) {
      mistakes.Add(
          line, {},
          std::string("cannot read yaml: ") + (has_control ? "a control character" : "not UTF-8"));
      return false;
    }
    text.remove_prefix(end);
    ++line;
  }
  return true;
}

// The parser holds all tokens of a flow collection in one line at once, some 200 bytes each, before
// it tells of the first: so what is in brackets is bounded beforehand.
bool CheckFlow(std::string_view text, Mistakes& mistakes) {
  const auto count = std::count_if(text.begin(), text.end(),
                                   [](char c) { return c == '[' || c == '{' || c == ','; });
  if (static_cast<std::uint64_t>(count) <= kYamlNodesMax) return true;
  mistakes.Add(0, {}, "cannot read yaml: more than 1000000 brackets and commas");
  return false;
}

bool AllDigits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

const Node::Entry* Node::Find(std::string_view key) const {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const Entry& entry) { return entry.key == key; });
  return found == entries.end() ? nullptr : &*found;
}

PlainType PlainTypeOf(std::string_view text) {
  for (std::string_view name : {"true", "True", "TRUE", "false", "False", "FALSE"}) {
    if (text == name) return PlainType::kBool;
  }
  std::string_view digits = text;
  if (!digits.empty() && (digits[0] == '-' || digits[0] == '+')) digits.remove_prefix(1);
  const bool leading_zeros =
      digits.size() > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9';
  if (leading_zeros) return PlainType::kText;
  if (AllDigits(digits)) return PlainType::kInteger;
  return decode::SplitDecimal(text) ? PlainType::kReal : PlainType::kText;
}

std::string ShowNode(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kNull:
      return "null";
    case Node::Kind::kMap:
      return "a map";
    case Node::Kind::kList:
      return "a list";
    case Node::Kind::kPlain:
      if (PlainTypeOf(node.text) != PlainType::kText) {
        const std::string shown = ShowString(node.text);
        return shown.substr(1, shown.size() - 2);
      }
      break;
    case Node::Kind::kQuoted:
      break;
  }
  return ShowString(node.text);
}

std::optional<Tree> ParseYaml(std::string_view text, Mistakes& mistakes) {
  if (!CheckCharacters(text, mistakes) || !CheckFlow(text, mistakes)) return std::nullopt;
  Tree tree;
  TreeBuilder builder(tree, mistakes);
  std::istringstream stream{std::string(text)};
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& exception) {
    std::string what = "cannot read yaml: " + exception.msg;
    if (exception.mark.is_null()) {
      mistakes.Add(0, {}, what);
    } else {
      mistakes.Add(exception.mark.line + 1, {},
                   "column " + std::to_string(exception.mark.column + 1) + ": " + what);
    }
    return std::nullopt;
  }
  return tree;
}

}  // namespace stockwatch::config
