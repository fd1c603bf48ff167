-- A session of Neovim (0.7 or newer) with the server: what its user sees is written to REPORT as JSON, one line each step.
local root, cli, node, report = vim.env.ROOT, vim.env.CLI, vim.env.NODE, vim.env.REPORT
local published = {}
local lines = {}

local function say(step, value)
  table.insert(lines, vim.fn.json_encode({ step = step, value = value }))
  vim.fn.writefile(lines, report)
end

local function fail(text)
  say('failed', text)
  vim.cmd('cquit 1')
end

local show = vim.lsp.diagnostic.on_publish_diagnostics
local client = vim.lsp.start_client({
  name = 'cloudworthy',
  cmd = { node, cli, 'lsp', '--stdio' },
  root_dir = root,
  workspace_folders = { { uri = vim.uri_from_fname(root), name = 'shop' } },
  handlers = {
    ['textDocument/publishDiagnostics'] = function(err, result, ctx, config)
      published[result.uri] = result.diagnostics
      return show(err, result, ctx, config)
    end,
  },
})

local function open(path)
  vim.cmd('edit ' .. vim.fn.fnameescape(root .. '/' .. path))
  local buffer = vim.api.nvim_get_current_buf()
  vim.lsp.buf_attach_client(buffer, client)
  return buffer
end

local function found(buffer)
  for _, item in ipairs(published[vim.uri_from_bufnr(buffer)] or {}) do
    if item.code == 'session-in-memory' then return item end
  end
end

local function wait(what, holds)
  if not vim.wait(20000, holds, 20) then fail('it never came to hold: ' .. what) end
end

local server = open('server.js')
wait('an error in server.js', function() return found(server) and found(server).severity == 1 end)
say('opened', { shown = #vim.diagnostic.get(server), line = found(server).range.start.line + 1 })

local manifest = open('k8s/deployment.yaml')
local at = vim.fn.search('replicas: 3')
local function replicas(count) vim.api.nvim_buf_set_lines(manifest, at - 1, at, true, { '  replicas: ' .. count }) end
replicas(1)
wait('a weaker finding', function() return found(server) and found(server).severity ~= 1 end)
say('one replica, not saved', { severity = found(server).severity, modified = vim.bo[manifest].modified })
replicas(3)
wait('the error again', function() return found(server) and found(server).severity == 1 end)

local diagnostic = found(server)
local answers = vim.lsp.buf_request_sync(server, 'textDocument/codeAction', {
  textDocument = { uri = vim.uri_from_bufnr(server) },
  range = diagnostic.range,
  context = { diagnostics = { diagnostic }, only = { 'quickfix' } },
}, 20000)
local actions = answers and answers[client] and answers[client].result or {}
local titles = {}
local chosen
for _, action in ipairs(actions) do
  table.insert(titles, action.title)
  if not chosen and action.kind == 'quickfix' and not action.disabled and action.title:find(vim.env.ACTION, 1, true) then chosen = action end
end
say('actions', titles)
if not chosen then fail('no such action') end
if not chosen.edit then
  local resolved = vim.lsp.buf_request_sync(server, 'codeAction/resolve', chosen, 20000)
  chosen = resolved[client].result
end
local encoding = vim.lsp.get_client_by_id(client).offset_encoding
vim.lsp.util.apply_workspace_edit(chosen.edit, encoding)
vim.cmd('silent wall')
wait('no finding', function() return not found(server) end)
say('fixed', { left = #(published[vim.uri_from_bufnr(server)] or {}) })
vim.lsp.stop_client(client)
vim.cmd('qall!')
