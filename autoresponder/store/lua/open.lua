-- Make the store's memory when there is none, and say which one this is.
--
-- KEYS[1]  {ns}:meta     hash: epoch (random id), fence (newest one given out), schema; never expires
-- ARGV[1]  a random id to use as epoch when there is none yet
-- ARGV[2]  schema version of this program
-- returns  {epoch, fence, schema}
if redis.call('HSETNX', KEYS[1], 'epoch', ARGV[1]) == 1 then
  redis.call('HSET', KEYS[1], 'fence', 0, 'schema', ARGV[2])
end
return redis.call('HMGET', KEYS[1], 'epoch', 'fence', 'schema')
