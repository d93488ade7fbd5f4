-- A named value.
--
-- KEYS[1]  {ns}:meta    hash: epoch, fence, schema; never expires
-- KEYS[2]  {ns}:values  hash: name -> value; never expires
-- ARGV     1 epoch, 2 name
-- returns  {'epoch'} or {'ok', value}; no value: there is none
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then return {'epoch'} end
return {'ok', redis.call('HGET', KEYS[2], ARGV[2])}
