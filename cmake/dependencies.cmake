# Everything comes from Debian 12 packages; scripts/lib/setup.sh lists them.

include(library_dependencies)

find_package(Threads REQUIRED)
find_package(Boost 1.74 REQUIRED)
find_package(TBB 2021 CONFIG REQUIRED)
find_package(CLI11 2.1 CONFIG REQUIRED)
find_package(CURL 7.88 REQUIRED)
find_package(SQLite3 3.40 REQUIRED)
find_package(simdjson 3.0 CONFIG REQUIRED)
find_package(ZLIB 1.2.12 REQUIRED)
pkg_check_modules(SECCOMP REQUIRED IMPORTED_TARGET libseccomp)
