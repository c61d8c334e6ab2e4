/* Prints how long relais/json.h takes for a document of about a kilobyte, in nanoseconds a
 * kilobyte. */
#include <relais/json.h>
#include <stdio.h>
#include <time.h>

static char memory[1 << 16];
static size_t used;

static void *take(void *ctx, size_t size, size_t align) {
  (void)ctx;
  (void)align;
  if (size > sizeof memory - used) return NULL;
  used += size;
  return memory + used - size;
}

static relais_str document(const relais_call *call) {
  relais_json json;
  relais_number price = {49.95, RELAIS_STR("49.95")};
  used = 0;
  relais_json_start(&json, call, 2048);
  relais_json_begin_object(&json);
  relais_json_put_string(&json, RELAIS_STR("event_name"), RELAIS_STR("Purchase"));
  relais_json_put_int(&json, RELAIS_STR("event_time"), 1700000000);
  relais_json_put_string(&json, RELAIS_STR("event_source_url"),
                         RELAIS_STR("https://www.shop.example/merci?order=T-1001"
                                    "&utm_source=newsletter&utm_campaign=hiver"));
  relais_json_put_string(&json, RELAIS_STR("client_user_agent"),
                         RELAIS_STR("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 "
                                    "(KHTML, like Gecko) Chrome/142.0.0.0"));
  relais_json_key(&json, RELAIS_STR("em"));
  relais_json_begin_array(&json);
  for (int i = 0; i < 4; i++)
    relais_json_string(&json, RELAIS_STR("62a14e44f765419d10fea99367361a72"
                                         "7c12365e2520f32218d505ed9aa0f62f"));
  relais_json_end_array(&json);
  relais_json_key(&json, RELAIS_STR("contents"));
  relais_json_begin_array(&json);
  for (int i = 0; i < 5; i++) {
    relais_json_begin_object(&json);
    relais_json_put_string(&json, RELAIS_STR("id"), RELAIS_STR("SKU-12345"));
    relais_json_put_int(&json, RELAIS_STR("quantity"), 2);
    relais_json_put_number(&json, RELAIS_STR("item_price"), price);
    relais_json_put_string(&json, RELAIS_STR("title"),
                           RELAIS_STR("Chaussures d'\xc3\xa9t\xc3\xa9 \"Soleil\""));
    relais_json_end_object(&json);
  }
  relais_json_end_array(&json);
  relais_json_end_object(&json);
  return relais_json_finish(&json);
}

int main(void) {
  enum { ROUNDS = 500, RUNS = 300 };
  relais_call call = {.struct_size = sizeof call, .alloc = take};
  double best = 1e9;
  size_t length = document(&call).len, total = 0;
  for (int run = 0; run < RUNS; run++) {
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (int i = 0; i < ROUNDS; i++) total += document(&call).len;
    clock_gettime(CLOCK_MONOTONIC, &to);
    double ns =
        ((double)(to.tv_sec - from.tv_sec) * 1e9 + (double)(to.tv_nsec - from.tv_nsec)) / ROUNDS;
    if (ns < best) best = ns;
  }
  printf("%.0f\n", best * 1024 / (double)length);
  return total == (size_t)ROUNDS * RUNS * length ? 0 : 1;
}
