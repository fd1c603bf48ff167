/** Secrets leave manifests: where they come from afterwards, and when that is not certain enough. */
import { describe, expect, it } from 'vitest';
import { fixFolder } from '../../src/session.ts';
import { type Files, makeFolder } from '../temporary-repository.ts';

async function fix(files: Files) {
  const root = makeFolder(files);
  const run = await fixFolder({ root, rules: ['hardcoded-credential'], cache: false, git: false, config: false }, { unsafe: true });
  expect(run.refused).toEqual([]);
  expect(run.failures).toEqual([]);
  return { ...run, changed: Object.fromEntries(run.files.map(({ path, after }) => [path, after])) };
}
const variable = (name: string): string => `variable "${name}" {\n  type      = string\n  sensitive = true\n}\n`;
const database = (password: string): string =>
  `resource "aws_db_instance" "orders" {\n  username = "app"\n  password = ${password} # rotated never\n}\n`;

describe('a secret of Terraform', () => {
  it.each<readonly [string, Files, Files]>([
    [
      'comes in by a variable of the same file',
      { 'main.tf': database('"wint3r-Sturm-92"') },
      { 'main.tf': `${variable('orders_password')}\n${database('var.orders_password')}` },
    ],
    [
      'comes in by a variable beside the others',
      { 'main.tf': database('"wint3r-Sturm-92"'), 'variables.tf': 'variable "size" {\r\n  default = 1\r\n}\r\n' },
      {
        'main.tf': database('var.orders_password'),
        'variables.tf': `variable "size" {\n  default = 1\n}\n\n${variable('orders_password')}`.replaceAll('\n', '\r\n'),
      },
    ],
    [
      'is named as the variable that it is given to',
      {
        'main.tf':
          'resource "aws_lambda_function" "mail" {\n  environment {\n    variables = {\n      SMTP_PASSWORD = "hq7Yx2Lm9Pz"\n      STAGE         = "live"\n    }\n  }\n}\n',
      },
      {
        'main.tf': `${variable('smtp_password')}\nresource "aws_lambda_function" "mail" {\n  environment {\n    variables = {\n      SMTP_PASSWORD = var.smtp_password\n      STAGE         = "live"\n    }\n  }\n}\n`,
      },
    ],
    [
      'is no default',
      { 'main.tf': 'variable "db_password" {\n  description = "of the orders"\n  default     = "Tr0ub4dor&3xyz"\n}\n' },
      { 'main.tf': 'variable "db_password" {\n  description = "of the orders"\n  sensitive   = true\n}\n' },
    ],
  ])('%s', async (_, before, after) => {
    const { changed, after: result } = await fix(before);
    expect(changed).toEqual(after);
    expect(result.findings).toEqual([]);
  });

  it.each<readonly [string, Files]>([
    ['others call the module', { 'db/main.tf': database('"wint3r-Sturm-92"'), 'main.tf': 'module "db" {\n  source = "./db"\n}\n' }],
    [
      'no variable is known yet',
      { 'main.tf': 'terraform {\n  backend "pg" {\n    conn_str = "postgres://state:Tr1ckyOne9@db.example.org/state"\n  }\n}\n' },
    ],
    ['the name is taken', { 'main.tf': database('"wint3r-Sturm-92"'), 'other.tf': 'variable "orders_password" {}\n' }],
    [
      'it is a part of a text',
      { 'main.tf': 'resource "aws_instance" "web" {\n  user_data = <<-EOF\n    export SMTP_PASSWORD=hq7Yx2Lm9Pz\n  EOF\n}\n' },
    ],
  ])('stays where %s', async (_, files) => expect((await fix(files)).changed).toEqual({}));
});

it('takes a secret of a Nomad job from a variable', async () => {
  const job = (value: string): string =>
    `job "shop" {\n  group "web" {\n    task "server" {\n      driver = "docker"\n      config {\n        image = "example.org/shop:1.4.0"\n      }\n      env {\n        DB_PASSWORD = ${value}\n      }\n    }\n  }\n}\n`;
  expect((await fix({ 'shop.nomad.hcl': job('"S4ltyM4rsh"') })).changed).toEqual({
    'shop.nomad.hcl': `variable "db_password" {\n  type = string\n}\n\n${job('var.db_password')}`,
  });
});

describe('a secret of a ConfigMap', () => {
  const map = (entry: string): string =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  LOG_FORMAT: json\n${entry}`;
  const entry = '  API_TOKEN: q7Zt20LmPx81Rw4v\n';
  const pod = (lines: string): string =>
    `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: orders\nspec:\n  template:\n    spec:\n      containers:\n        - name: orders\n          image: example.org/orders:1.4.0\n${lines}`;
  const all = '          envFrom:\n            - configMapRef: { name: settings }\n';
  const one = (kind: string, name: string, key: string): string =>
    `          env:\n            - name: TOKEN # of the partner\n              valueFrom:\n                ${kind}:\n                  name: ${name}\n                  key: ${key}\n`;

  it.each([
    [
      'everything is taken',
      pod(all),
      pod(
        `          env:\n            - name: API_TOKEN\n              valueFrom:\n                secretKeyRef:\n                  name: orders\n                  key: api-token\n${all}`,
      ),
    ],
    ['it is taken alone', pod(one('configMapKeyRef', 'settings', 'API_TOKEN')), pod(one('secretKeyRef', 'orders', 'api-token'))],
  ])('moves to a Secret where %s', async (_, before, after) => {
    const { changed, after: result, applied } = await fix({ 'settings.yaml': map(entry), 'orders.yaml': before });
    expect(changed).toEqual({ 'settings.yaml': map(''), 'orders.yaml': after });
    expect(result.findings).toEqual([]);
    expect(applied[0]?.fix.title).toContain('First the Secret `orders` needs the key `api-token`');
  });

  it.each([
    ['nothing takes it', pod('')],
    ['it is a file', pod(`${all}      volumes:\n        - name: settings\n          configMap: { name: settings }\n`)],
    ['it gets another name', pod('          envFrom:\n            - prefix: APP_\n              configMapRef: { name: settings }\n')],
  ])('stays where %s', async (_, before) =>
    expect((await fix({ 'settings.yaml': map(entry), 'orders.yaml': before })).changed).toEqual({}),
  );
});
