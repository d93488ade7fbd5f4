-- Delete some of the entries and idle documents that are too old. Called until nothing is left to look at.
--
-- KEYS[1]  {ns}:meta     hash: epoch, fence, schema; never expires
-- KEYS[2]  {ns}:idle     sorted set: unscheduled keys by last touch (µs)
-- KEYS[3]  {ns}:waiting  sorted set: keys that wait for a person
-- KEYS[4]  {ns}:entries  sorted set: entry ids by their time (µs)
-- Also touched, in the same slot: {ns}:row:<key>, {ns}:entry:<id>, {ns}:ref:<ref>, see commit.lua
-- ARGV     1 epoch, 2 prefix '{ns}:', 3 before (µs), 4 most to look at, 5 idle keys to leave out (still held)
-- returns  {'epoch'} or {'ok', entries and documents deleted, idle keys still held, number looked at}
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then return {'epoch'} end
local before = '(' .. ARGV[3]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local gone, held = 0, 0

local ids = redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', before, 'LIMIT', 0, ARGV[4])
for _, id in ipairs(ids) do
  local refs = redis.call('HGET', ARGV[2] .. 'entry:' .. id, 'refs')
  for _, ref in ipairs(refs and cjson.decode(refs) or {}) do
    redis.call('ZREM', ARGV[2] .. 'ref:' .. ref, id)
  end
  redis.call('ZREM', ARGV[2] .. 'ref:' .. id, id)
  redis.call('DEL', ARGV[2] .. 'entry:' .. id)
  redis.call('ZREM', KEYS[4], id)
  gone = gone + 1
end

local keys = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', before, 'LIMIT', ARGV[5], ARGV[4])
for _, key in ipairs(keys) do
  local row = redis.call('HMGET', ARGV[2] .. 'row:' .. key, 'owner', 'expires', 'data')
  if row[1] and tonumber(row[2]) > now then
    held = held + 1
  else
    redis.call('DEL', ARGV[2] .. 'row:' .. key)
    redis.call('ZREM', KEYS[2], key)
    redis.call('ZREM', KEYS[3], key)
    if row[3] then gone = gone + 1 end
  end
end
return {'ok', gone, held, #ids + #keys}
