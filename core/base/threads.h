// Whether the machine lets this process have threads.

#ifndef SACCADE_CORE_BASE_THREADS_H_
#define SACCADE_CORE_BASE_THREADS_H_

namespace saccade {

// Throws kEnvironment when `count` threads cannot be had at once, beside the one that asks. Libraries
// that start some without asking end the process then.
void RequireThreads(int count);

}  // namespace saccade

#endif  // SACCADE_CORE_BASE_THREADS_H_
