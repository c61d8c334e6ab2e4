-- Load for wrk: purchases of about 750 bytes, each with ids of its own.
--   BATCH   events a request (1)
--   PHONE   1: with a phone number
--   PAUSE   milliseconds between an answer and the next request of a connection (0)
--   KEY     write key
--   RUN     told apart from other runs by this number
local batch = tonumber(os.getenv("BATCH") or "1")
local phone = os.getenv("PHONE") == "1"
local pause = tonumber(os.getenv("PAUSE") or "0")
local run = os.getenv("RUN") or "0"
local threads = 0
local number = 0

local template = '{"event_name":"purchase","event_id":"%s","transaction_id":"%s","client_id":"%d.1695445369",' ..
  '"session_id":"1795445369","timestamp_micros":%d,"page_location":"https://shop.example/checkout/thanks?utm_source=news",' ..
  '"page_title":"Thank you","user_agent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36",' ..
  '"ip_override":"203.0.113.7","language":"fr-FR","currency":"EUR","value":129.90,"tax":21.65,"shipping":4.90,' ..
  '"items":[{"item_id":"SKU-1","item_name":"Shoes","price":99.90,"quantity":1},' ..
  '{"item_id":"SKU-2","item_name":"Socks","price":15.00,"quantity":2}],%s' ..
  '"consent":{"ad_storage":"granted","analytics_storage":"granted","ad_user_data":"granted"}}'
local user = phone and '"user_data":{"phone_number":"06 12 34 56 78"},' or ''

function setup(thread)
  thread:set("index", threads)
  threads = threads + 1
end

function init(arguments)
  wrk.headers["Authorization"] = "Bearer " .. (os.getenv("KEY") or "")
  wrk.headers["Content-Type"] = "application/json"
end

local function event()
  number = number + 1
  local id = run .. "-" .. index .. "-" .. number
  return string.format(template, id, "T" .. id, 100000000 + index * 10000000 + number, os.time() * 1000000, user)
end

function request()
  if batch == 1 then return wrk.format("POST", nil, nil, event()) end
  local events = {}
  for position = 1, batch do events[position] = event() end
  return wrk.format("POST", nil, nil, "[" .. table.concat(events, ",") .. "]")
end

if pause > 0 then
  function delay() return pause end
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format('{"requests":%d,"microseconds":%d,"not_2xx":%d,"socket_errors":%d,"p50":%d,"p99":%d}\n',
    summary.requests, summary.duration, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
