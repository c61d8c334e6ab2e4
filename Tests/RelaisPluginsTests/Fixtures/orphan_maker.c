/* orphan_maker HOST INIT CALLS: starts the program HOST, sends it the frames of the two files, prints its process id
 * and dies while the plugin is inside the call. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <CRelaisHost.h>

static void send_file(int socket, const char *path) {
  char bytes[65536];
  int file = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t length = read(file, bytes, sizeof bytes);
  if (length <= 0 || write(socket, bytes, (size_t)length) != length) exit(3);
  close(file);
}

int main(int argc, char **argv) {
  pid_t process = 0;
  int socket = -1;
  int output = -1;
  char answer[65536];
  if (argc != 4 || relais_host_spawn(argv[1], &process, &socket, &output) != 0) return 2;
  send_file(socket, argv[2]);
  struct pollfd ready = {.fd = socket, .events = POLLIN};
  if (poll(&ready, 1, 5000) != 1 || read(socket, answer, sizeof answer) <= 0) return 4;
  send_file(socket, argv[3]);
  usleep(100000);
  if (kill(process, 0) != 0) return 5;
  printf("%d\n", (int)process);
  fflush(stdout);
  raise(SIGKILL);
  return 6;
}
