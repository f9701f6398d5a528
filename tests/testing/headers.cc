// Stands for the headers that all tests precompile together (tests/CMakeLists.txt).

int main() {}
