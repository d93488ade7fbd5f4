-- The newest entry with an id or reference; every entry's id is one of its references.
--
-- KEYS[1]  {ns}:meta        hash: epoch, fence, schema; never expires
-- KEYS[2]  {ns}:ref:<ref>   sorted set: ids of the entries with this reference, by their time (µs)
-- Also read, in the same slot: {ns}:entry:<id>  hash: key, at (µs), data, refs (JSON list)
-- ARGV     1 epoch, 2 prefix '{ns}:'
-- returns  {'epoch'}, {'ok'} when there is none, or {'ok', {id, key, at, data, refs}}
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then return {'epoch'} end
local id = redis.call('ZRANGE', KEYS[2], -1, -1)[1]
if not id then return {'ok'} end
local row = redis.call('HMGET', ARGV[2] .. 'entry:' .. id, 'key', 'at', 'data', 'refs')
return {'ok', {id, row[1], row[2], row[3], row[4]}}
