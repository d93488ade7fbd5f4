-- Names of the named values that start with a prefix, in no order.
--
-- KEYS[1]  {ns}:meta    hash: epoch, fence, schema; never expires
-- KEYS[2]  {ns}:values  hash: name -> value; never expires
-- ARGV     1 epoch, 2 prefix
-- returns  {'epoch'} or {'ok', name, …}
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then return {'epoch'} end
local answer, length = {'ok'}, #ARGV[2]
for _, name in ipairs(redis.call('HKEYS', KEYS[2])) do
  if string.sub(name, 1, length) == ARGV[2] then answer[#answer + 1] = name end
end
return answer
