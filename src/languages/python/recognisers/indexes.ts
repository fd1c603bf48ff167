/** Indexes for searching and vectors that a program keeps as files of its own. */
import type { Value } from '../../../facts.ts';
import { type CallSite, type Emit, isNone, type ProgramView, type Recogniser, textOf } from '../recogniser.ts';
import { dottedOf } from '../value-shapes.ts';
import { anchor } from './servers.ts';

interface Index {
  readonly opens: RegExp;
  readonly technology: string;
  readonly library: string;
  /** The argument that names the folder; what has none keeps it in memory, or at a server. */
  readonly folder: string;
  readonly position?: number;
  /** Folders alone: other addresses lead to a server or a bucket. */
  readonly isLocal?: RegExp;
}
const indexes: readonly Index[] = [
  { opens: /^chromadb\.PersistentClient$/, technology: 'Chroma', library: 'chromadb', folder: 'path', position: 0 },
  {
    opens: /^(?:langchain_chroma|langchain(?:_community)?\.vectorstores)(?:\.\w+)*\.Chroma(?:\.a?from_(?:documents|texts))?$/,
    technology: 'Chroma',
    library: 'langchain',
    folder: 'persist_directory',
  },
  { opens: /^qdrant_client\.(?:Async)?QdrantClient$/, technology: 'Qdrant', library: 'qdrant_client', folder: 'path' },
  {
    opens: /^lancedb\.connect(?:_async)?$/,
    technology: 'LanceDB',
    library: 'lancedb',
    folder: 'uri',
    position: 0,
    isLocal: /^(?!\w{2,}:\/\/)/,
  },
  { opens: /^pymilvus\.MilvusClient$/, technology: 'Milvus Lite', library: 'pymilvus', folder: 'uri', position: 0, isLocal: /\.db$/ },
  { opens: /^whoosh\.index\.(?:create_in|open_dir)$/, technology: 'Whoosh', library: 'whoosh', folder: 'dirname', position: 0 },
];

const puts = /^(?:a?(?:add|from|update)_(?:documents|texts|embeddings|images)|(?:add|update)_document|upsert)$/;
/** What a request adds is there for the copy alone that answered it; what is only searched may be a part of the image. */
const isAdded = (program: ProgramView): boolean =>
  program.calls.some(
    (call) =>
      program.servesRequest(call.within) &&
      (puts.test(call.name) || (call.name === 'add' && (call.named('documents') ?? call.named('embeddings')) !== undefined)),
  );

const isScratch = (value: Value): boolean => /^\/(?:tmp|dev\/shm)\b/.test(textOf(value) ?? '') || /^tempfile\./.test(dottedOf(value) ?? '');

function folderOf(call: CallSite, { folder, position, isLocal }: Index): Value | undefined {
  const given = position === undefined ? call.named(folder) : call.argument(folder, position);
  if (!given || isNone(given) || isScratch(given)) return undefined;
  const text = textOf(given);
  return isLocal === undefined || (text !== undefined && isLocal.test(text)) ? given : undefined;
}

function openedBy(call: CallSite, program: ProgramView) {
  const { dotted, within } = call;
  const index = dotted === undefined ? undefined : indexes.find(({ opens }) => opens.test(dotted));
  const isUsed = within === undefined || program.servesRequest(within) || program.runsAtStart(within);
  const address = index && isUsed ? folderOf(call, index) : undefined;
  return index && address ? [{ call, service: { technology: index.technology, library: index.library, address } }] : [];
}

export const indexFiles: Recogniser = {
  id: 'indexes',
  recognise(program: ProgramView, emit: Emit) {
    if (
      !program.imported(
        'chromadb',
        'langchain_chroma',
        'langchain_community',
        'langchain',
        'qdrant_client',
        'lancedb',
        'pymilvus',
        'whoosh',
      )
    )
      return;
    const opened = program.calls.flatMap((call) => openedBy(call, program));
    const [first] = opened;
    if (first && isAdded(program)) emit('backing-service', anchor(first.call), { ...first.service, embedded: true });
  },
};
