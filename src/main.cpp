// headgate: may this candidate route be shown to some users?

#include <exception>
#include <new>
#include <string>
#include <system_error>
#include <vector>

#include "headgate/cli/cli.hpp"
#include "headgate/cli/process.hpp"

int main(int argc, char** argv) {
  headgate::cli::prepare_process();
  try {
    const std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
    return headgate::cli::run_command(words);
  } catch (const std::bad_alloc&) {
    return headgate::cli::report_shortage("there is not enough memory");
  } catch (const std::system_error& trouble) {  // no thread, for one
    return headgate::cli::report_shortage(trouble.what());
  } catch (const std::exception& trouble) {
    return headgate::cli::report_bug(trouble.what());
  }
}
