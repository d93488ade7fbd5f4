-- One document, without a lease.
--
-- KEYS[1]  {ns}:meta       hash: epoch, fence, schema; never expires
-- KEYS[2]  {ns}:row:<key>  hash, see acquire.lua
-- ARGV     1 epoch
-- returns  {'epoch'} or {'ok', data, due, deadline, waiting}; no data: no document
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then return {'epoch'} end
local row = redis.call('HMGET', KEYS[2], 'data', 'due', 'deadline', 'waiting')
return {'ok', row[1], row[2], row[3], row[4]}
