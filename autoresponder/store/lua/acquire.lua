-- Take or renew the lease of one key. The owner that holds it wins again with the same fence.
--
-- KEYS[1]  {ns}:meta       hash: epoch, fence, schema; never expires
-- KEYS[2]  {ns}:row:<key>  hash: owner, fence, expires (ms by TIME), repeat, data, due, deadline, waiting (µs);
--                          deleted by purge
-- KEYS[3]  {ns}:idle       sorted set: unscheduled keys by when they were last touched (µs); shrinks by purge
-- ARGV     1 epoch, 2 key, 3 owner, 4 lease time in ms, 5 wall time in µs
-- returns  {'epoch'}, {'busy'} or {'ok', fence, data, due, deadline, waiting}
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then return {'epoch'} end
local row = redis.call('HMGET', KEYS[2], 'owner', 'fence', 'expires', 'data', 'due', 'deadline', 'waiting')
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local fence = row[2]
if row[1] ~= ARGV[3] then
  if row[1] and tonumber(row[3]) > now then return {'busy'} end
  fence = redis.call('HINCRBY', KEYS[1], 'fence', 1)
end
redis.call('HSET', KEYS[2], 'owner', ARGV[3], 'fence', fence, 'expires', now + tonumber(ARGV[4]))
if not row[4] then redis.call('ZADD', KEYS[3], ARGV[5], ARGV[2]) end
return {'ok', tonumber(fence), row[4], row[5], row[6], row[7]}
