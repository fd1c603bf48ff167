import { defineRule } from '../../src/types.ts';

const most = 30;

export default defineRule({
  summary: 'processes call each other by a protocol of one technology',
  factors: [4],
  level: 'warning',
  effort: 5,
  docs: {
    what: 'Code offers or calls objects of another process by RMI, CORBA, remote EJBs, T3, JAX-RPC or the like.',
    why: 'These protocols keep long connections to one server, send back addresses of single machines and load classes from the other side. Load balancers cannot spread them over copies, and both sides must be released together.',
    how: 'Offer the same operation over HTTP or gRPC with a contract, or by messages; give clients an address from the environment, a timeout and a breaker.',
    bad: '@Stateless @Remote public class ShippingService implements ShippingRemote { … }',
    good: '@RestController class ShippingController { @PostMapping("/shipping") … }',
    references: ['https://12factor.net/backing-services', 'https://jakarta.ee/specifications/enterprise-beans/'],
  },
  messages: {
    found: {
      text: 'Processes are joined by {protocol} ({library}).',
      consequence: 'Calls stick to one server and its network address, so copies cannot be added behind a load balancer.',
      next: 'Offer the operation over HTTP, gRPC or a message broker.',
    },
  },
  checkService(service, report) {
    const [first, ...others] = service.code.all('remote-protocol');
    if (!first) return;
    report({
      message: 'found',
      data: { ...first.value },
      place: first.place,
      related: others.slice(0, most).map(({ place, value }) => ({ place, message: `${value.protocol} here as well: ${value.library}` })),
      subject: first.value.protocol,
    });
  },
});
