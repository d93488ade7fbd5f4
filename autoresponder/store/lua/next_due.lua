-- The earliest due time of all documents.
--
-- KEYS[1]  {ns}:meta  hash: epoch, fence, schema; never expires
-- KEYS[2]  {ns}:due   sorted set: scheduled keys by due time (µs)
-- ARGV     1 epoch
-- returns  {'epoch'}, {'ok'} when nothing is scheduled, or {'ok', µs}
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then return {'epoch'} end
local first = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')
return {'ok', first[2]}
