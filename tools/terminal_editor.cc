// SPDX-License-Identifier: Apache-2.0
//
// libedit does the editing. Signals are ours: the function that gives libedit its next character
// waits for one with poll(), and between two of them notices that the window changed its size or
// that Ctrl-C was pressed; the latter becomes a character of its own, bound to a command that
// empties the line.
#include "tools/terminal_editor.h"

#ifdef SEGUE_HAVE_LIBEDIT

#include <errno.h>
#include <histedit.h>
#include <langinfo.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <cwchar>
#include <utility>

#include "engine/base/utf8.h"
#include "tools/console.h"
#include "tools/text_layout.h"

namespace segue {
namespace {

constexpr int kHistoryLines = 1000;
constexpr wchar_t kInterruptCharacter = 0x1c;  // Ctrl-\, which nobody types into a query

volatile sig_atomic_t interrupted = 0;
volatile sig_atomic_t resized = 0;

std::string HistoryFile() {
  if (const char* file = std::getenv("SEGUE_HISTORY")) return file;
  const char* home = std::getenv("HOME");
  return home == nullptr || home[0] == '\0' ? "" : std::string(home) + "/.segue_history";
}

class TerminalEditor : public LineEditor {
 public:
  TerminalEditor(std::string prompt, Completer completer)
      : prompt_(std::move(prompt)), completer_(std::move(completer)), file_(HistoryFile()) {
    // Query words of any script want a UTF-8 locale, even where none is set.
    if (std::strcmp(::nl_langinfo(CODESET), "UTF-8") != 0) std::setlocale(LC_CTYPE, "C.UTF-8");
    edit_ = ::el_init("segue", stdin, stdout, stderr);
    if (edit_ == nullptr) return;
    history_ = ::history_init();
    HistEvent event;
    ::history(history_, &event, H_SETSIZE, kHistoryLines);
    ::history(history_, &event, H_SETUNIQUE, 1);
    if (!file_.empty()) ::history(history_, &event, H_LOAD, file_.c_str());
    ::el_set(edit_, EL_CLIENTDATA, this);
    ::el_set(edit_, EL_PROMPT, &Prompt);
    ::el_set(edit_, EL_EDITOR, "emacs");
    ::el_set(edit_, EL_SIGNAL, 0);
    ::el_set(edit_, EL_HIST, ::history, history_);
    ::el_set(edit_, EL_GETCFN, &NextCharacter);
    ::el_set(edit_, EL_ADDFN, "segue-complete", "complete a command or field", &OnTab);
    ::el_set(edit_, EL_ADDFN, "segue-interrupt", "empty the line", &OnInterrupt);
    ::el_set(edit_, EL_BIND, "\t", "segue-complete", nullptr);
    ::el_set(edit_, EL_BIND, "^\\", "segue-interrupt", nullptr);
    ::el_set(edit_, EL_BIND, "^R", "em-inc-search-prev", nullptr);
    ::el_source(edit_, nullptr);  // the user's ~/.editrc
    struct sigaction action = {};
    action.sa_flags = SA_RESTART;
    action.sa_handler = [](int) { interrupted = 1; };
    ::sigaction(SIGINT, &action, &old_interrupt_);
    action.sa_handler = [](int) { resized = 1; };
    ::sigaction(SIGWINCH, &action, &old_resize_);
  }

  ~TerminalEditor() override {
    if (edit_ == nullptr) return;
    ::sigaction(SIGINT, &old_interrupt_, nullptr);
    ::sigaction(SIGWINCH, &old_resize_, nullptr);
    HistEvent event;
    if (!file_.empty()) ::history(history_, &event, H_SAVE, file_.c_str());
    ::history_end(history_);
    ::el_end(edit_);
  }

  bool ok() const { return edit_ != nullptr; }

  bool ReadLine(std::string* line) override {
    Out().Flush();
    interrupted = 0;
    int bytes = 0;
    // libedit would show the prompt first and take the terminal over only then; keys pressed in
    // between would be echoed by the terminal, and a Ctrl-D lost.
    ::el_set(edit_, EL_PREP_TERM, 1);
    const char* text = ::el_gets(edit_, &bytes);
    if (text == nullptr || bytes <= 0) {
      Out().Write("\n");  // after Ctrl-D the cursor stands behind the prompt
      return false;
    }
    line->assign(text, static_cast<size_t>(bytes));
    while (!line->empty() && (line->back() == '\n' || line->back() == '\r')) line->pop_back();
    return true;
  }

  void Remember(const std::string& line) override {
    HistEvent event;
    ::history(history_, &event, H_ENTER, line.c_str());
  }

  bool interactive() const override { return true; }

 private:
  static TerminalEditor* Self(EditLine* edit) {
    void* self = nullptr;
    ::el_get(edit, EL_CLIENTDATA, &self);
    return static_cast<TerminalEditor*>(self);
  }

  static char* Prompt(EditLine* edit) { return Self(edit)->prompt_.data(); }

  // Returns 1 with a character, 0 at the end of the input, -1 on an error.
  static int NextCharacter(EditLine* edit, wchar_t* character) {
    char bytes[8];
    size_t count = 0;
    sigset_t blocked, original;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGINT);
    sigaddset(&blocked, SIGWINCH);
    while (true) {
      // Blocked while the marks are looked at, let in while waiting: no signal falls between.
      ::sigprocmask(SIG_BLOCK, &blocked, &original);
      const bool quiet = interrupted == 0 && resized == 0;
      pollfd input = {STDIN_FILENO, POLLIN, 0};
      const int ready = quiet ? ::ppoll(&input, 1, nullptr, &original) : 0;
      const int error = errno;
      ::sigprocmask(SIG_SETMASK, &original, nullptr);
      if (interrupted != 0) {
        interrupted = 0;
        *character = kInterruptCharacter;
        return 1;
      }
      if (resized != 0) {
        resized = 0;
        ::el_resize(edit);
        ::el_set(edit, EL_REFRESH);
        continue;
      }
      if (ready < 0 && error != EINTR) return -1;
      if (ready <= 0) continue;
      const ssize_t got = ::read(STDIN_FILENO, bytes + count, 1);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return static_cast<int>(got);
      ++count;
      std::mbstate_t state = {};
      const size_t used = std::mbrtowc(character, bytes, count, &state);
      if (used == static_cast<size_t>(-2) && count < sizeof bytes) continue;  // incomplete
      if (used == 0) {
        // A NUL: what a Ctrl-D becomes that is pressed while a search runs. It must not stand,
        // unseen, in the next line, where another Ctrl-D would no longer mean the end.
        count = 0;
        continue;
      }
      if (used <= count) return 1;
      *character = L'?';
      return 1;
    }
  }

  static unsigned char OnInterrupt(EditLine* edit, int) {
    std::fputs("^C\n", stdout);
    std::fflush(stdout);
    const LineInfo* line = ::el_line(edit);
    ::el_cursor(edit, static_cast<int>(line->lastchar - line->cursor));
    ::el_deletestr(edit, Characters(line->buffer, line->lastchar));
    return CC_REDISPLAY;
  }

  static unsigned char OnTab(EditLine* edit, int) {
    const LineInfo* line = ::el_line(edit);
    const std::string to_cursor(line->buffer, static_cast<size_t>(line->cursor - line->buffer));
    const Completion completion = Complete(Self(edit)->completer_, to_cursor);
    if (completion.choices.empty()) return CC_REFRESH_BEEP;
    const std::string word = to_cursor.substr(completion.replace_from);
    if (completion.common.size() > word.size()) {
      const std::string rest = completion.common.substr(word.size());
      if (::el_insertstr(edit, rest.c_str()) != 0) return CC_ERROR;
      return CC_REFRESH;
    }
    if (completion.choices.size() == 1) return CC_NORM;
    std::string list = "\n";
    for (const std::string& choice : completion.choices) list += choice + "  ";
    std::fprintf(stdout, "%s\n", list.c_str());
    std::fflush(stdout);
    return CC_REDISPLAY;
  }

  // el_deletestr counts characters, the line has bytes.
  static int Characters(const char* begin, const char* end) {
    return static_cast<int>(CountCharacters({begin, static_cast<size_t>(end - begin)}));
  }

  std::string prompt_;
  const Completer completer_;
  const std::string file_;
  EditLine* edit_ = nullptr;
  History* history_ = nullptr;
  struct sigaction old_interrupt_ = {}, old_resize_ = {};
};

}  // namespace

std::unique_ptr<LineEditor> NewTerminalEditor(const std::string& prompt, Completer completer) {
  auto editor = std::make_unique<TerminalEditor>(prompt, std::move(completer));
  if (!editor->ok()) return nullptr;
  return editor;
}

}  // namespace segue

#else

namespace segue {

std::unique_ptr<LineEditor> NewTerminalEditor(const std::string&, Completer) { return nullptr; }

}  // namespace segue

#endif  // SEGUE_HAVE_LIBEDIT
