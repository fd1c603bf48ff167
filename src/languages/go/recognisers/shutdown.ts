import type { Value } from '../../../facts.ts';
import { anchor, type CallSite, type ProgramView, type Recogniser } from '../recogniser.ts';
import { findListening } from './servers.ts';

/** Signals by what code calls them. */
const signals: Readonly<Record<string, string>> = {
  'os.Interrupt': 'SIGINT',
  'os.Kill': 'SIGKILL',
};
const signalOf = (value: Value): readonly string[] => {
  if (value.is === 'list') return value.items.flatMap(signalOf);
  if (value.is === 'choice') return value.options.flatMap((option) => signalOf(option.value));
  if (value.is !== 'package') return [];
  const name = `${value.package}.${value.path}`;
  return signals[name] ? [signals[name]!] : /^(?:SIG[A-Z0-9]+)$/.test(value.path) ? [value.path] : [];
};

const ends = /^SIG(?:TERM|INT|QUIT)$/;
const listens = /^os\/signal\.Notify(?:Context)?$/;
/** Libraries that wait for SIGTERM and end their servers. */
const helpers =
  /^(?:go\.uber\.org\/fx\.(?:App\.Run|New\(\)\.Run)|github\.com\/fvbock\/endless\.\w+|github\.com\/tylerb\/graceful\.\w+|gopkg\.in\/tylerb\/graceful\.\w+|github\.com\/ory\/graceful\.Graceful\w*|sigs\.k8s\.io\/controller-runtime\.SetupSignalHandler|k8s\.io\/apiserver\/pkg\/server\.SetupSignal\w+|github\.com\/go-kratos\/kratos\.(?:App|New\(\))\.Run|github\.com\/oklog\/run\.SignalHandler|github\.com\/zeromicro\/go-zero\/\S+\.Start|github\.com\/facebookgo\/grace\/gracehttp\.Serve|github\.com\/gin-contrib\/graceful\.\S+|github\.com\/pseidemann\/finish\.\S+|github\.com\/dimiro1\/banner)$/;
const closing = /shutdown|graceful|drain/i;
const ending = /^(?:os\.Exit|log\.Fatal\w*|syscall\.Exit)$/;
const closesServer = /^(?:net\/http\.Server\.(?:Close|Shutdown)|grpc\.Server\.(?:Stop|GracefulStop))$/;

/** Servers that end with the process unless their own `Shutdown` is called. */
const endsWithProcess =
  /^(?:net\/http\.(?:Server\.)?ListenAndServe(?:TLS)?|gin\.Engine\.Run(?:TLS)?|echo\.Echo\.Start(?:TLS)?|fiber\.App\.Listen(?:TLS)?)$/;

/** What the handler lets end. */
function closesOf(program: ProgramView, call: CallSite): boolean | 'unknown' {
  if (program.calls.some(({ name, target }) => closing.test(name) || closesServer.test(target ?? ''))) return true;
  const served = findListening(program).filter(({ isAside }) => !isAside);
  if (served.length > 0 && served.every((one) => endsWithProcess.test(one.call.target ?? ''))) return false;
  const around = call.within === undefined ? [] : program.callsWithin(call.within);
  const inside = program.functions
    .filter(({ path, own }) => own.parent !== undefined && `${path}#${own.parent}` === call.within)
    .flatMap(({ id }) => program.callsWithin(id));
  const others = [...around, ...inside].filter(
    ({ target, name }) => !ending.test(target ?? '') && /close|stop|cancel|wait|flush|deregister|cleanup/i.test(name),
  );
  return [...around, ...inside].some(({ target }) => ending.test(target ?? '')) && others.length === 0 ? false : 'unknown';
}

/** What happens when the platform stops the process. */
export const shutdown: Recogniser = {
  id: 'shutdown',
  recognise(program, emit) {
    for (const call of program.calls) {
      const { target = '' } = call;
      if (listens.test(target)) {
        const named = call.args.slice(1).flatMap(signalOf);
        // Without names it is told of all.
        const isAll = call.args.length <= 1 || named.length < call.args.length - 1;
        if (!isAll && !named.some((name) => ends.test(name))) continue;
        emit('shutdown-handler', anchor(call), {
          library: 'process',
          signals: isAll ? [...named, 'SIGTERM', 'SIGINT'] : named,
          closes: closesOf(program, call),
        });
      } else if (helpers.test(target))
        emit('shutdown-handler', anchor(call), {
          library: target.split('.').slice(0, -1).join('.'),
          signals: ['SIGTERM', 'SIGINT'],
          closes: true,
        });
    }
  },
};
