/** Proxies in front of a service: configurations that pin clients to one server → `sticky-routing` facts. */
import type { Adapter } from '../../types.ts';
import { apacheAdapter } from './apache.ts';
import { caddyAdapter } from './caddy.ts';
import { envoyAdapter } from './envoy.ts';
import { haproxyAdapter } from './haproxy.ts';
import { nginxAdapter } from './nginx.ts';
import { traefikAdapter } from './traefik.ts';

export const proxyAdapters: readonly Adapter[] = [nginxAdapter, haproxyAdapter, apacheAdapter, caddyAdapter, traefikAdapter, envoyAdapter];
