#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "CRelaisHost.h"

enum { CHILD_SOCKET = 3, FIRST_FREE = 10 };

static void close_pair(const int pair[2]) {
  if (pair[0] >= 0) close(pair[0]);
  if (pair[1] >= 0) close(pair[1]);
}

/* Moves a descriptor out of the way of those the child gets by number. */
static int lift(int *descriptor) {
  int lifted = fcntl(*descriptor, F_DUPFD_CLOEXEC, FIRST_FREE);
  if (lifted < 0) return errno;
  close(*descriptor);
  *descriptor = lifted;
  return 0;
}

static int set_attributes(posix_spawnattr_t *attributes) {
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  int error = posix_spawnattr_setsigmask(attributes, &none);
  if (!error) error = posix_spawnattr_setsigdefault(attributes, &all);
  if (!error) error = posix_spawnattr_setpgroup(attributes, 0);
  if (error) return error;
  short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP;
  return posix_spawnattr_setflags(attributes, flags);
}

static int set_actions(posix_spawn_file_actions_t *actions, int socket, int output) {
  int error = posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  if (!error) error = posix_spawn_file_actions_adddup2(actions, output, STDOUT_FILENO);
  if (!error) error = posix_spawn_file_actions_adddup2(actions, output, STDERR_FILENO);
  if (!error) error = posix_spawn_file_actions_adddup2(actions, socket, CHILD_SOCKET);
  if (!error) error = posix_spawn_file_actions_addclosefrom_np(actions, CHILD_SOCKET + 1);
  return error;
}

static int start(const char *path, pid_t *process, int socket, int output) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  char parent[16];
  char *arguments[] = {(char *)path, parent, NULL};
  char *environment[] = {NULL};
  snprintf(parent, sizeof parent, "%d", (int)getpid());
  int error = posix_spawn_file_actions_init(&actions);
  if (error) return error;
  error = posix_spawnattr_init(&attributes);
  if (!error) {
    error = set_attributes(&attributes);
    if (!error) error = set_actions(&actions, socket, output);
    if (!error) error = posix_spawn(process, path, &actions, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
  }
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

int relais_host_spawn(const char *path, pid_t *process, int *socket, int *output) {
  int sockets[2] = {-1, -1};
  int pipes[2] = {-1, -1};
  int error = 0;
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0) error = errno;
  if (!error && pipe2(pipes, O_CLOEXEC | O_NONBLOCK) != 0) error = errno;
  if (!error) error = lift(&sockets[1]);
  if (!error) error = lift(&pipes[1]);
  if (!error && fcntl(sockets[0], F_SETFL, O_NONBLOCK) != 0) error = errno;
  if (!error) error = start(path, process, sockets[1], pipes[1]);
  if (error) {
    close_pair(sockets);
    close_pair(pipes);
    return error;
  }
  close(sockets[1]);
  close(pipes[1]);
  *socket = sockets[0];
  *output = pipes[0];
  return 0;
}
