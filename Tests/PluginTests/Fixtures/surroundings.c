/* Says what a program sees of locale, time zone and clock: "1,5 +0530 1". */
#include <locale.h>
#include <stdio.h>
#include <time.h>

int main(void) {
  char zone[16];
  time_t epoch = 1700000000, first, second;
  setlocale(LC_ALL, "");
  strftime(zone, sizeof zone, "%z", localtime(&epoch));
  first = time(NULL);
  second = time(NULL);
  printf("%.1f %s %d\n", 1.5, zone, second - first > 86400 || first - second > 86400);
  return 0;
}
