#include "core/base/threads.h"

#include <latch>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "core/base/error.h"

namespace saccade {

void RequireThreads(int count) {
  std::latch all_are_there(1);
  std::string problem;
  {
    std::vector<std::jthread> threads;
    threads.reserve(static_cast<std::size_t>(count));
    struct LetGo {  // however that ends: they are waited for
      std::latch& latch;
      ~LetGo() { latch.count_down(); }
    } let_go{all_are_there};
    try {
      for (int i = 0; i < count; ++i) threads.emplace_back([&] { all_are_there.wait(); });
    } catch (const std::system_error& error) {
      problem = fmt::format("cannot start {} threads, but {}: {}", count, threads.size(),
                            error.code().message());
    }
  }
  if (problem.empty()) return;
  throw EnvironmentError(
      problem +
      "; use fewer (--threads), or allow more processes (ulimit -u, or the limit "
      "of the container)");
}

}  // namespace saccade
