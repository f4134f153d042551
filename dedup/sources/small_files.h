/* Whole small files into one buffer: four calls to the system a file, and none to the interpreter. */
#ifndef DEDUP_SMALL_FILES_H
#define DEDUP_SMALL_FILES_H

#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef __APPLE__
#define CHANGED st_mtimespec
#else
#define CHANGED st_mtim
#endif

/* What a file was when it was read. */
typedef struct {
    int64_t bytes, changed_ns, device, inode;
} Facts;

/* The size of the file at `path`, which is then in `to`, and what it was in `facts`; -1 for anything but a regular
   file of at most `most` bytes that could be read whole: the caller finds out what it is. A FIFO must not make it
   wait. */
static int64_t small_file(const char *path, uint8_t *to, size_t most, Facts *facts) {
    struct stat now;
    int64_t size = -1;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) return -1;
    if (!fstat(file, &now) && S_ISREG(now.st_mode) && now.st_size >= 0 && (size_t)now.st_size <= most) {
        /* One byte more than it should have: a file that grows shows, and one in /proc, which has size 0. */
        if (read(file, to, (size_t)now.st_size + 1) == (ssize_t)now.st_size) {
            size = (int64_t)now.st_size;
            *facts = (Facts){size, (int64_t)now.CHANGED.tv_sec * 1000000000 + now.CHANGED.tv_nsec,
                             (int64_t)now.st_dev, (int64_t)now.st_ino};
        }
    }
    close(file);
    return size;
}

/* Reads files until `room` bytes are full. `paths` are `count` names, each with its NUL; `to` has room + most + 1
   bytes. Gives how many were read, and in `used` the bytes of their names. */
static size_t small_files(const char *paths, size_t count, uint8_t *to, size_t room, size_t most, Facts *facts,
                          size_t *used) {
    size_t n = 0, filled = 0;
    const char *path = paths;
    while (n < count && filled < room) {
        int64_t size = small_file(path, to + filled, most, &facts[n]);
        if (size < 0) break;
        filled += (size_t)size;
        path += strlen(path) + 1;
        n++;
    }
    *used = (size_t)(path - paths);
    return n;
}

#endif
