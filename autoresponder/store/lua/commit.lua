-- Replace a leased document, move it in the schedule, append journal entries; all or nothing.
--
-- KEYS[1]  {ns}:meta         hash: epoch, fence, schema; never expires
-- KEYS[2]  {ns}:row:<key>    hash, see acquire.lua; deleted by purge
-- KEYS[3]  {ns}:idle         sorted set: unscheduled keys by last touch (µs)
-- KEYS[4]  {ns}:due          sorted set: scheduled keys by due time (µs)
-- KEYS[5]  {ns}:deadlines    hash: scheduled key -> deadline (µs)
-- KEYS[6]  {ns}:waiting      sorted set: keys that wait for a person, by since when (µs)
-- KEYS[7]  {ns}:entries      sorted set: entry ids by their time (µs)
-- Also touched, all in the same slot, all deleted by purge:
--          {ns}:entry:<id>   hash: key, at (µs), data, refs (JSON list of texts)
--          {ns}:ref:<ref>    sorted set: ids of the entries with this reference, by their time
-- ARGV     1 epoch, 2 prefix '{ns}:', 3 key, 4 owner, 5 fence, 6 wall time µs, 7 release '1', 8 live '1',
--          9 digest of the commit ('' when it may not be recognised), 10 data, 11 due, 12 deadline,
--          13 waiting ('' for none), then five for each entry: id, key, at, data, refs
-- returns  'ok', 'epoch', 'taken' (the fence is not the newest, or another owner's) or 'over' (the lease ran out)
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then return 'epoch' end
local key = ARGV[3]
local row = redis.call('HMGET', KEYS[2], 'owner', 'fence', 'expires', 'repeat')
if row[2] ~= ARGV[5] or (row[1] and row[1] ~= ARGV[4]) then return 'taken' end
if ARGV[8] == '1' then
  if row[1] then
    local time = redis.call('TIME')
    if tonumber(row[3]) <= time[1] * 1000 + math.floor(time[2] / 1000) then return 'over' end
  elseif ARGV[9] == '' or row[4] ~= ARGV[9] then
    return 'over'
  end
end

-- Read everything before the first write: a command that fails later would leave half a commit.
local replaced = {}
for at = 14, #ARGV, 5 do
  local old = redis.call('HGET', ARGV[2] .. 'entry:' .. ARGV[at], 'refs')
  replaced[at] = { old = old and cjson.decode(old) or {}, new = cjson.decode(ARGV[at + 4]) }
end

redis.call('HSET', KEYS[2], 'data', ARGV[10], 'due', ARGV[11], 'deadline', ARGV[12], 'waiting', ARGV[13])
if ARGV[11] ~= '' then
  redis.call('ZADD', KEYS[4], ARGV[11], key)
  redis.call('ZREM', KEYS[3], key)
else
  redis.call('ZREM', KEYS[4], key)
  redis.call('ZADD', KEYS[3], ARGV[6], key)
end
if ARGV[11] ~= '' and ARGV[12] ~= '' then
  redis.call('HSET', KEYS[5], key, ARGV[12])
else
  redis.call('HDEL', KEYS[5], key)
end
if ARGV[13] ~= '' then
  redis.call('ZADD', KEYS[6], ARGV[13], key)
else
  redis.call('ZREM', KEYS[6], key)
end

for at = 14, #ARGV, 5 do
  local id, stamp, name = ARGV[at], ARGV[at + 2], ARGV[2] .. 'entry:' .. ARGV[at]
  for _, ref in ipairs(replaced[at].old) do
    redis.call('ZREM', ARGV[2] .. 'ref:' .. ref, id)
  end
  redis.call('HSET', name, 'key', ARGV[at + 1], 'at', stamp, 'data', ARGV[at + 3], 'refs', ARGV[at + 4])
  redis.call('ZADD', KEYS[7], stamp, id)
  redis.call('ZADD', ARGV[2] .. 'ref:' .. id, stamp, id)
  for _, ref in ipairs(replaced[at].new) do
    redis.call('ZADD', ARGV[2] .. 'ref:' .. ref, stamp, id)
  end
end

if ARGV[7] == '1' then
  redis.call('HDEL', KEYS[2], 'owner', 'expires')
  redis.call('HSET', KEYS[2], 'repeat', ARGV[9])
end
return 'ok'
