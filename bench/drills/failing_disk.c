/* LD_PRELOAD: the n-th call that changes a file below a folder fails, and, if asked, all after it.

   Armed by `fault_arm`; counts write, pwrite, writev, fsync, fdatasync, ftruncate, rename, unlink and
   the opening of files to be made or written. Linux, for bench/drills/faults.py. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static long nth = 0, seen = 0;
static int code = 0, lasting = 0;
static char below[PATH_MAX];

void fault_arm(long number, int error, int stays, const char *folder) {
    nth = number, seen = 0, code = error, lasting = stays;
    snprintf(below, sizeof below, "%s/", folder);
}

long fault_seen(void) { return seen; }

static int trips(const char *path) {
    if (!nth || !path || strncmp(path, below, strlen(below))) return 0;
    seen++;
    if (seen != nth && !(lasting && seen > nth)) return 0;
    errno = code;
    return 1;
}

static int trips_at(int descriptor) {
    char link[64], path[PATH_MAX];
    if (!nth) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return trips(path);
}

#define REAL(name) __typeof__(name) *real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *data, size_t size) {
    REAL(write);
    return trips_at(fd) ? -1 : real(fd, data, size);
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) {
    REAL(pwrite);
    return trips_at(fd) ? -1 : real(fd, data, size, offset);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset) {
    REAL(pwrite64);
    return trips_at(fd) ? -1 : real(fd, data, size, offset);
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
    REAL(writev);
    return trips_at(fd) ? -1 : real(fd, parts, count);
}
int fsync(int fd) {
    REAL(fsync);
    return trips_at(fd) ? -1 : real(fd);
}
int fdatasync(int fd) {
    REAL(fdatasync);
    return trips_at(fd) ? -1 : real(fd);
}
int ftruncate(int fd, off_t size) {
    REAL(ftruncate);
    return trips_at(fd) ? -1 : real(fd, size);
}
int ftruncate64(int fd, off64_t size) {
    REAL(ftruncate64);
    return trips_at(fd) ? -1 : real(fd, size);
}
int rename(const char *from, const char *to) {
    REAL(rename);
    return trips(to) ? -1 : real(from, to);
}
int unlink(const char *path) {
    REAL(unlink);
    return trips(path) ? -1 : real(path);
}
int open(const char *path, int flags, ...) {
    REAL(open);
    va_list rest;
    va_start(rest, flags);
    mode_t mode = va_arg(rest, int);
    va_end(rest);
    return (flags & (O_CREAT | O_TRUNC)) && trips(path) ? -1 : real(path, flags, mode);
}
int open64(const char *path, int flags, ...) {
    REAL(open64);
    va_list rest;
    va_start(rest, flags);
    mode_t mode = va_arg(rest, int);
    va_end(rest);
    return (flags & (O_CREAT | O_TRUNC)) && trips(path) ? -1 : real(path, flags, mode);
}
