/** Checks in the form of each platform, asking the route and the port that the code serves. */
import { describe, expect, it } from 'vitest';
import { fixFolder } from '../../src/session.ts';
import { type Files, makeFolder } from '../temporary-repository.ts';

const service: Files = {
  'package.json': '{ "name": "shop", "private": true, "scripts": { "start": "node server.js" }, "dependencies": { "express": "^5.0.0" } }',
  'server.js': `const express = require('express');
const app = express();
app.get('/healthz', (request, response) => response.send('ok'));
app.listen(process.env.PORT || 3000);
`,
  Dockerfile: 'FROM node:22.11.0\nWORKDIR /app\nCOPY . .\nCMD ["node", "server.js"]\n',
};
async function fix(files: Files) {
  const root = makeFolder({ ...service, ...files });
  const run = await fixFolder({ root, rules: ['probe-missing'], cache: false, git: false, config: false }, { unsafe: false });
  expect(run.refused).toEqual([]);
  expect(run.failures).toEqual([]);
  return run;
}
const nomad = (service: string, port = 'to = 3000'): string => `job "shop" {
  group "web" {
    count = 2

    network {
      port "http" {
        ${port}
      }
    }

    service {
      name = "shop" # in the catalogue
      port = "http"
${service}    }

    task "shop" {
      driver = "docker"
      config {
        image = "example.org/shop:1.4.0"
        ports = ["http"]
      }
    }
  }
}
`;
const command = (port: number) =>
  `["CMD", "node", "-e", "fetch('http://127.0.0.1:${port}/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]`;
const task = (line: string, end = ''): string => `resource "aws_ecs_task_definition" "shop" {
  family = "shop"
  container_definitions = jsonencode([
    {
      name         = "shop"
      image        = "example.org/shop:1.0.0"
      portMappings = [{ containerPort = 3000 }]${end}
${line}    }
  ])
}

resource "aws_ecs_service" "shop" {
  name            = "shop"
  task_definition = aws_ecs_task_definition.shop.arn
}
`;
const check = (end = '') => `      healthCheck = {
        command     = ${command(3000)}
        interval    = 30
        timeout     = 5
        retries     = 3
        startPeriod = 10
      }${end}
`;

const stack = (line: string): string => `AWSTemplateFormatVersion: '2010-09-09'
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: shop # the web
          Image: example.org/shop:1.0.0
          PortMappings: [{ ContainerPort: 3000 }]
${line}  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !Ref Task
`;
const stackCheck = `          HealthCheck:
            Command: ${command(3000)}
            Interval: 30
            Timeout: 5
            Retries: 3
            StartPeriod: 10
`;
const stackInJson = (line: string): string => `{
\t"AWSTemplateFormatVersion": "2010-09-09",
\t"Resources": {
\t\t"Task": {
\t\t\t"Type": "AWS::ECS::TaskDefinition",
\t\t\t"Properties": {
\t\t\t\t"ContainerDefinitions": [
\t\t\t\t\t{
\t\t\t\t\t\t"Name": "shop",
\t\t\t\t\t\t"Image": "example.org/shop:1.0.0",
\t\t\t\t\t\t"PortMappings": [{ "ContainerPort": 3000 }]${line}
\t\t\t\t\t}
\t\t\t\t]
\t\t\t}
\t\t},
\t\t"Service": { "Type": "AWS::ECS::Service", "Properties": { "TaskDefinition": { "Ref": "Task" } } }
\t}
}
`;
const jsonCheck = `,
\t"HealthCheck": {
\t\t"Command": [
\t\t\t"CMD",
\t\t\t"node",
\t\t\t"-e",
\t\t\t"${command(3000).split('"')[7]}"
\t\t],
\t\t"Interval": 30,
\t\t"Timeout": 5,
\t\t"Retries": 3,
\t\t"StartPeriod": 10
\t}`.replaceAll('\n', '\n\t\t\t\t\t');

const cases: readonly (readonly [string, string, string, string])[] = [
  [
    'Fly',
    'fly.toml',
    "app = 'shop'\n\n[http_service]\n  internal_port = 3000 # the web\n  force_https = true\n\n  [http_service.concurrency]\n    type = 'requests'\n\n# small\n[[vm]]\n  memory = '512mb'\n",
    "app = 'shop'\n\n[http_service]\n  internal_port = 3000 # the web\n  force_https = true\n\n  [http_service.concurrency]\n    type = 'requests'\n\n  [[http_service.checks]]\n    grace_period = '10s'\n    interval = '30s'\n    method = 'GET'\n    path = '/healthz'\n    timeout = '5s'\n\n# small\n[[vm]]\n  memory = '512mb'\n",
  ],
  [
    'Fly with services, CRLF and no line end at the end',
    'fly.toml',
    'app = "shop"\r\n\r\n[[services]]\r\ninternal_port = 3000\r\nprotocol = "tcp"',
    'app = "shop"\r\n\r\n[[services]]\r\ninternal_port = 3000\r\nprotocol = "tcp"\r\n\r\n[[services.http_checks]]\r\ngrace_period = "10s"\r\ninterval = "30s"\r\nmethod = "GET"\r\npath = "/healthz"\r\ntimeout = "5s"',
  ],
  [
    'Nomad',
    'shop.nomad.hcl',
    nomad(''),
    nomad(
      '\n      check {\n        type     = "http"\n        path     = "/healthz"\n        interval = "10s"\n        timeout  = "2s"\n      }\n',
    ),
  ],
  ['a task of ECS', 'main.tf', task(''), task(check())],
  ['a task of ECS with commas', 'main.tf', task('', ','), task(check(','), ',')],
  ['a task of CloudFormation', 'template.yaml', stack(''), stack(stackCheck)],
  ['a task of CloudFormation in JSON', 'template.json', stackInJson(''), stackInJson(jsonCheck)],
  [
    'Cloud Foundry',
    'manifest.yml',
    'applications:\n  - name: shop\n    path: .\n    health-check-type: port # was wrong\n    routes:\n      - route: shop.example.com\n',
    'applications:\n  - name: shop\n    path: .\n    health-check-type: http # was wrong\n    health-check-http-endpoint: /healthz\n    routes:\n      - route: shop.example.com\n',
  ],
];

describe('a check', () => {
  it.each(cases)('of %s', async (_, path, before, after) => {
    const { files, after: result } = await fix({ [path]: before });
    expect(files.map((file) => [file.path, file.after])).toEqual([[path, after]]);
    expect(result.findings).toEqual([]);
  });

  it.each<readonly [string, Files]>([
    ['Fly leads to another port', { 'fly.toml': 'app = "shop"\n\n[http_service]\ninternal_port = 8080\n' }],
    ['Nomad leads to another port', { 'shop.nomad.hcl': nomad('', 'to = 8080') }],
    ['the port is chosen when it starts', { 'shop.nomad.hcl': nomad('', '') }],
    [
      'no health route is known',
      {
        'fly.toml': 'app = "shop"\n\n[http_service]\ninternal_port = 3000\n',
        'server.js': String(service['server.js']).replace('/healthz', '/shop'),
      },
    ],
    [
      'nothing in the image can ask',
      { 'main.tf': task(''), Dockerfile: String(service['Dockerfile']).replace('node:22.11.0', 'example.org/base:1.0.0') },
    ],
  ])('is not made when %s', async (_, files) => expect((await fix(files)).files).toEqual([]));
});
