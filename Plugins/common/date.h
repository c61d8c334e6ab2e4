/* Days of the calendar in a configuration. SPDX-License-Identifier: Apache-2.0 */
#ifndef RELAIS_COMMON_DATE_H
#define RELAIS_COMMON_DATE_H

#include <stdio.h>

#include "text.h"

static const int64_t date_day_ms = 86400000;

/* Days since 1970-01-01 of a day of the Gregorian calendar. */
static inline int64_t date_days(int64_t year, int64_t month, int64_t day) {
  if (month <= 2) year -= 1;
  int64_t era = year / 400, of_era = year - era * 400;
  int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* Writes "2026-12-31" and a NUL, for years of four digits. */
static inline void date_write(int64_t days, char text[11]) {
  int64_t shifted = days + 719468, era = shifted / 146097, of_era = shifted - era * 146097;
  int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
  int64_t month = (5 * of_year + 2) / 153, day = of_year - (153 * month + 2) / 5 + 1;
  month += month < 10 ? 3 : -9;
  year += era * 400 + (month <= 2);
  snprintf(text, 11, "%04u-%02u-%02u", (unsigned)year % 10000, (unsigned)month % 100,
           (unsigned)day % 100);
}

static inline int64_t date_number_(const char *digits, int count) {
  int64_t number = 0;
  for (int i = 0; i < count; i++) number = number * 10 + (digits[i] - '0');
  return number;
}

/* "2026-12-31", as days since 1970-01-01 in *days; 0 when it is no day. */
static inline int date_read(relais_str text, int64_t *days) {
  static const int lengths[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (text.len != 10 || text.ptr[4] != '-' || text.ptr[7] != '-') return 0;
  for (size_t i = 0; i < text.len; i++)
    if (i != 4 && i != 7 && (text.ptr[i] < '0' || text.ptr[i] > '9')) return 0;
  int64_t year = date_number_(text.ptr, 4), month = date_number_(text.ptr + 5, 2);
  int64_t day = date_number_(text.ptr + 8, 2);
  if (year < 1970 || month < 1 || month > 12 || day < 1 || day > lengths[month - 1]) return 0;
  if (month == 2 && day == 29 && (year % 4 || (year % 100 == 0 && year % 400))) return 0;
  *days = date_days(year, month, day);
  return 1;
}

#endif
