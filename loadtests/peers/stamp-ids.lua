-- wrk's script: the transactions of the file in turn, each under an id of its own.
local before, after, count = {}, {}, 0
local prefix, number = "", 0

function init(args)
  prefix = args[2] .. "-"
  for line in io.lines(args[1]) do
    local tab = line:find("\t", 1, true)
    count = count + 1
    before[count], after[count] = line:sub(1, tab - 1), line:sub(tab + 1)
  end
  wrk.method = "POST"
  wrk.headers["content-type"] = "application/json"
  wrk.headers["authorization"] = "Bearer " .. args[3]
end

function request()
  number = number + 1
  local line = number % count + 1
  return wrk.format(nil, nil, nil, before[line] .. prefix .. number .. after[line])
end
