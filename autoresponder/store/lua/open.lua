-- Make the store's memory when there is none, and say which one this is.
--
-- KEYS[1]  {ns}:meta     hash: epoch (random id), fence (newest one given out), schema; never expires
-- ARGV[1]  a random id to use as epoch when there is none yet
-- ARGV[2]  schema version of this program
-- returns  {epoch, fence, schema}
-- Fences go on from the server's clock at each opening, so that none of an emptied or rolled back memory comes again.
local time = redis.call('TIME')
local now = string.format('%d%06d', tonumber(time[1]), tonumber(time[2]))
if redis.call('HSETNX', KEYS[1], 'epoch', ARGV[1]) == 1 then
  redis.call('HSET', KEYS[1], 'fence', now, 'schema', ARGV[2])
elseif tonumber(redis.call('HGET', KEYS[1], 'fence') or '0') < tonumber(now) then
  redis.call('HSET', KEYS[1], 'fence', now)
end
return redis.call('HMGET', KEYS[1], 'epoch', 'fence', 'schema')
