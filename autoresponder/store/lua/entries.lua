-- Entries of a span of time, oldest first.
--
-- KEYS[1]  {ns}:meta     hash: epoch, fence, schema; never expires
-- KEYS[2]  {ns}:entries  sorted set: entry ids by their time (µs)
-- Also read, in the same slot: {ns}:entry:<id>  hash: key, at (µs), data, refs (JSON list)
-- ARGV     1 epoch, 2 prefix '{ns}:', 3 from (a score), 4 to (a score), 5 how many to leave out, 6 most to return
-- returns  {'epoch'} or {'ok', {id, key, at, data, refs}, …}
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then return {'epoch'} end
local answer = {'ok'}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], ARGV[3], ARGV[4], 'LIMIT', ARGV[5], ARGV[6])) do
  local row = redis.call('HMGET', ARGV[2] .. 'entry:' .. id, 'key', 'at', 'data', 'refs')
  answer[#answer + 1] = {id, row[1], row[2], row[3], row[4]}
end
return answer
