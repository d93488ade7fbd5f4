-- Keys whose time has come: earliest deadline first, then those without one by their due time.
--
-- KEYS[1]  {ns}:meta       hash: epoch, fence, schema; never expires
-- KEYS[2]  {ns}:due        sorted set: scheduled keys by due time (µs)
-- KEYS[3]  {ns}:deadlines  hash: scheduled key -> deadline (µs)
-- ARGV     1 epoch, 2 now (µs), 3 most keys to return
-- returns  {'epoch'} or {'ok', key, …}
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then return {'epoch'} end
local keys = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[2])
local dated, undated = {}, {}
for first = 1, #keys, 1000 do
  local last = math.min(first + 999, #keys)
  local deadlines = redis.call('HMGET', KEYS[3], unpack(keys, first, last))
  for at = first, last do
    local deadline = deadlines[at - first + 1]
    if deadline then
      dated[#dated + 1] = { tonumber(deadline), at }
    else
      undated[#undated + 1] = at
    end
  end
end
-- Ties keep the order of the sorted set; comparing keys here would follow the server's locale.
table.sort(dated, function(a, b)
  if a[1] ~= b[1] then return a[1] < b[1] end
  return a[2] < b[2]
end)
local answer, limit = {'ok'}, tonumber(ARGV[3])
for _, pair in ipairs(dated) do
  if #answer > limit then return answer end
  answer[#answer + 1] = keys[pair[2]]
end
for _, at in ipairs(undated) do
  if #answer > limit then return answer end
  answer[#answer + 1] = keys[at]
end
return answer
