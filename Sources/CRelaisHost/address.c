#include "rules.h"
#include "text.h"

static bool starts_with(relais_str text, const char *prefix) {
  size_t length = strlen(prefix);
  if (text.len < length) return false;
  return host_same_word((relais_str){text.ptr, length}, (relais_str){prefix, length});
}

static bool is_host_character(char character, bool literal) {
  if (character >= 'a' && character <= 'z') return true;
  if (character >= 'A' && character <= 'Z') return true;
  if (character >= '0' && character <= '9') return true;
  return literal ? character == ':' || character == '.' : character == '-' || character == '.';
}

static bool read_host(relais_str authority, relais_str *host, size_t *length) {
  bool literal = authority.len > 0 && authority.ptr[0] == '[';
  size_t start = literal ? 1 : 0;
  size_t at = start;
  while (at < authority.len && is_host_character(authority.ptr[at], literal)) at++;
  if (at == start) return false;
  if (literal && (at == authority.len || authority.ptr[at] != ']')) return false;
  *length = literal ? at + 1 : at;
  *host = (relais_str){authority.ptr, *length};
  return true;
}

static bool read_port(relais_str digits, uint32_t *port) {
  uint32_t value = 0;
  if (digits.len == 0 || digits.len > 5) return false;
  for (size_t i = 0; i < digits.len; i++) {
    if (digits.ptr[i] < '0' || digits.ptr[i] > '9') return false;
    value = value * 10 + (uint32_t)(digits.ptr[i] - '0');
  }
  *port = value;
  return value > 0 && value <= 65535;
}

static bool is_url_text(relais_str url) {
  for (size_t i = 0; i < url.len; i++) {
    unsigned char byte = (unsigned char)url.ptr[i];
    if (byte <= 0x20 || byte >= 0x7F || byte == '\\' || byte == '#') return false;
  }
  return true;
}

static relais_str until(relais_str text, const char *stops) {
  size_t length = 0;
  while (length < text.len && !strchr(stops, text.ptr[length])) length++;
  return (relais_str){text.ptr, length};
}

static relais_str after(relais_str text, size_t length) {
  return (relais_str){text.ptr + length, text.len - length};
}

bool host_read_address(relais_str url, host_address *address) {
  *address = (host_address){0};
  if (!url.ptr || !is_url_text(url)) return false;
  address->secure = starts_with(url, "https://");
  if (!address->secure && !starts_with(url, "http://")) return false;
  relais_str rest = after(url, address->secure ? 8 : 7);
  relais_str authority = until(rest, "/?");
  size_t length = 0;
  relais_str host = {0};
  if (!read_host(authority, &host, &length)) return false;
  address->port = address->secure ? 443 : 80;
  if (length < authority.len) {
    if (authority.ptr[length] != ':') return false;
    if (!read_port(after(authority, length + 1), &address->port)) return false;
  }
  address->path = until(after(rest, authority.len), "?");
  address->host = host;
  return true;
}

/* The length of a dot written plainly or as %2e, 0 for anything else. */
static size_t dot(relais_str text) {
  if (text.len >= 1 && text.ptr[0] == '.') return 1;
  return starts_with(text, "%2e") ? 3 : 0;
}

/* A path that an HTTP client would shorten, and so leave the place the check has seen. */
static bool has_dot_segment(relais_str path) {
  while (path.len > 0) {
    path = after(path, 1);
    relais_str segment = until(path, "/");
    size_t first = dot(segment);
    size_t second = first ? dot(after(segment, first)) : 0;
    if (first && first + second == segment.len) return true;
    path = after(path, segment.len);
  }
  return false;
}

static bool is_below(relais_str path, relais_str base) {
  if (base.len > 0 && base.ptr[base.len - 1] == '/') base.len--;
  if (path.len < base.len || memcmp(path.ptr, base.ptr, base.len) != 0) return false;
  return path.len == base.len || path.ptr[base.len] == '/';
}

static bool is_allowed(const relais_host_rules *rules, const host_address *address) {
  const host_address *endpoint = &rules->endpoint;
  if (endpoint->host.ptr) {
    return endpoint->secure == address->secure && endpoint->port == address->port &&
           host_same_word(endpoint->host, address->host) && is_below(address->path, endpoint->path);
  }
  if (!address->secure || address->port != 443) return false;
  for (uint32_t i = 0; i < rules->host_count; i++) {
    if (host_same_word(rules->hosts[i], address->host)) return true;
  }
  return false;
}

static void judge_url(const relais_host_rules *rules, relais_str url, host_fault *fault) {
  host_address address;
  const char *rule =
      rules->endpoint.host.ptr ? "the configured endpoint" : "the manifest's \"hosts\"";
  if (url.len > HOST_URL_LIMIT) {
    host_fault_set(fault, "limit", "a request's URL has %zu bytes; %d are allowed", url.len,
                   HOST_URL_LIMIT);
  } else if (!host_read_address(url, &address) || has_dot_segment(address.path)) {
    host_fault_set(fault, "bad_request", "a request's URL is not a plain http or https URL");
  } else if (!is_allowed(rules, &address)) {
    int shown = (int)(address.host.len > 128 ? 128 : address.host.len);
    host_fault_set(fault, "forbidden_host",
                   "a request goes to %s://%.*s:%u, which %s does not name",
                   address.secure ? "https" : "http", shown, address.host.ptr, address.port, rule);
  }
}

static bool is_token(relais_str name) {
  if (!name.ptr || name.len == 0) return false;
  for (size_t i = 0; i < name.len; i++) {
    unsigned char byte = (unsigned char)name.ptr[i];
    if (byte <= 0x20 || byte >= 0x7F || strchr("\"(),/:;<=>?@[\\]{}", byte)) return false;
  }
  return true;
}

static bool is_header_value(relais_str value) {
  for (size_t i = 0; i < value.len; i++) {
    unsigned char byte = (unsigned char)value.ptr[i];
    if ((byte < 0x20 && byte != '\t') || byte == 0x7F) return false;
  }
  return value.len == 0 || host_is_utf8(value.ptr, value.len);
}

static bool is_the_hosts(relais_str name) {
  static const char *const names[] = {
      "host", "content-length", "connection", "transfer-encoding", "te",
      "upgrade", "keep-alive", "trailer", "expect"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (host_same_word(name, (relais_str){names[i], strlen(names[i])})) return true;
  }
  return starts_with(name, "proxy-");
}

static void judge_headers(relais_list headers, host_fault *fault) {
  size_t bytes = 0;
  if (headers.count > HOST_HEADER_COUNT) {
    host_fault_set(fault, "limit", "a request has %u headers; %d are allowed", headers.count,
                   HOST_HEADER_COUNT);
    return;
  }
  for (uint32_t i = 0; i < headers.count && !fault->reason; i++) {
    const relais_header *header = RELAIS_AT(headers, relais_header, i);
    relais_str value = header->value.ptr ? header->value : (relais_str){"", 0};
    bytes += header->name.len + value.len;
    if (bytes > HOST_HEADER_BYTES) {
      host_fault_set(fault, "limit", "a request's headers have more than %d bytes",
                     HOST_HEADER_BYTES);
    } else if (!is_token(header->name)) {
      host_fault_set(fault, "bad_request", "header %u of a request has no legal name", i);
    } else if (is_the_hosts(header->name)) {
      host_fault_set(fault, "bad_request",
                     "a request sets the header %.*s, which the host sets itself",
                     (int)(header->name.len > 64 ? 64 : header->name.len), header->name.ptr);
    } else if (!is_header_value(value)) {
      host_fault_set(fault, "bad_request",
                     "header %u of a request has a control character or is not UTF-8", i);
    }
  }
}

void host_judge_request(const relais_host_rules *rules, const relais_request *request,
                        host_fault *fault) {
  if (request->method.ptr && !host_text_is(request->method, "POST") &&
      !host_text_is(request->method, "GET")) {
    host_fault_set(fault, "bad_request", "a request's method is neither POST nor GET");
    return;
  }
  if (request->body.len > rules->body_limit) {
    host_fault_set(fault, "limit", "a request's body has %zu bytes; %zu are allowed",
                   request->body.len, rules->body_limit);
    return;
  }
  if (request->note.len > HOST_NOTE_LIMIT) {
    host_fault_set(fault, "limit", "a request's note has %zu bytes; %d are allowed",
                   request->note.len, HOST_NOTE_LIMIT);
    return;
  }
  judge_url(rules, request->url, fault);
  if (!fault->reason) judge_headers(request->headers, fault);
}

int relais_host_endpoint_is_valid(const char *url, size_t length) {
  host_address address;
  relais_str text = {url, length};
  if (length > 2048 || !host_read_address(text, &address)) return 0;
  return !has_dot_segment(address.path) && !memchr(url, '?', length);
}
