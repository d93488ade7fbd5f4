-- Documents that wait for a person, longest waiting first.
--
-- KEYS[1]  {ns}:meta       hash: epoch, fence, schema; never expires
-- KEYS[2]  {ns}:waiting    sorted set: keys that wait for a person, by since when (µs)
-- Also read, in the same slot: {ns}:row:<key>, see acquire.lua
-- ARGV     1 epoch, 2 prefix '{ns}:', 3 first rank, 4 last rank
-- returns  {'epoch'} or {'ok', {key, data, due, deadline, waiting}, …}
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then return {'epoch'} end
local answer = {'ok'}
for _, key in ipairs(redis.call('ZRANGE', KEYS[2], ARGV[3], ARGV[4])) do
  local row = redis.call('HMGET', ARGV[2] .. 'row:' .. key, 'data', 'due', 'deadline', 'waiting')
  answer[#answer + 1] = {key, row[1], row[2], row[3], row[4]}
end
return answer
