-- Set or remove a named value.
--
-- KEYS[1]  {ns}:meta    hash: epoch, fence, schema; never expires
-- KEYS[2]  {ns}:values  hash: name -> value; never expires
-- ARGV     1 epoch, 2 name, 3 value; without a value the name is removed
-- returns  'ok' or 'epoch'
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then return 'epoch' end
if ARGV[3] then
  redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
else
  redis.call('HDEL', KEYS[2], ARGV[2])
end
return 'ok'
