-- wrk: POSTs 750-byte purchases to /v1/events, each with an event_id, client_id and transaction_id of its own.
--   wrk … -s purchase.lua http://127.0.0.1:PORT/v1/events -- KEY EVENTS_PER_REQUEST [PHONE]
-- PHONE (any word): with a phone number, which costs its parsing.
local key, perRequest, phone, number, run
local threads = 0

function setup(t)
    t:set("thread", threads)
    threads = threads + 1
end

function init(args)
    key, perRequest = args[1], tonumber(args[2] or "1")
    phone = args[3] and string.format(',"phone_number":"+336%08d"', 12345678) or ""
    number = 0
    run = os.time() % 1000000
    wrk.method = "POST"
    wrk.headers["Authorization"] = "Bearer " .. key
    wrk.headers["Content-Type"] = "application/json"
end

local function event()
    number = number + 1
    local id = string.format("%06d%02d%08d", run, thread, number)
    return string.format(
        '{"event_name":"purchase","event_id":"%s","client_id":"%s.1795440000","transaction_id":"order-%s",'
            .. '"currency":"EUR","value":129.90,"tax":21.65,"shipping":4.90,"coupon":"WELCOME10",'
            .. '"page_location":"https://shop.example/checkout/thanks?order=%s","page_title":"Merci pour votre commande",'
            .. '"page_referrer":"https://shop.example/checkout/payment","user_agent":"Mozilla/5.0 (X11; Linux x86_64; '
            .. 'rv:140.0) Gecko/20100101 Firefox/140.0","ip_override":"203.0.113.24","user_data":{"email_address":'
            .. '"camille.%s@example.com"%s},"items":[{"item_id":"SKU_12345","item_name":"Marini\195\168re en coton",'
            .. '"price":62.50,"quantity":2,"item_brand":"Armor"}]}',
        id, id, id, id, id, phone
    )
end

function request()
    if perRequest == 1 then return wrk.format(nil, nil, nil, event()) end
    local events = {}
    for i = 1, perRequest do events[i] = event() end
    return wrk.format(nil, nil, nil, "[" .. table.concat(events, ",") .. "]")
end
