-- Give a lease back if it still is the newest; otherwise do nothing.
--
-- KEYS[1]  {ns}:meta       hash: epoch, fence, schema; never expires
-- KEYS[2]  {ns}:row:<key>  hash, see acquire.lua
-- ARGV     1 epoch, 2 owner, 3 fence
-- returns  'ok' or 'epoch'
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then return 'epoch' end
local row = redis.call('HMGET', KEYS[2], 'owner', 'fence')
if row[1] == ARGV[2] and row[2] == ARGV[3] then
  redis.call('HDEL', KEYS[2], 'owner', 'expires', 'repeat')
end
return 'ok'
