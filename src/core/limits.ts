/**
 * A bound on everything that is collected, each with its reason. One table, so that nobody has to search for them.
 * Sizes in bytes, times in milliseconds.
 */
export const limits = {
  /** A FIX message: the largest AllocationReport seen in the field is below 64 KiB; a megabyte is an attack or a bug. */
  fixMessageBytesMax: 1024 * 1024,
  /** One line of a FIX log: a message and the prefix that the log's writer put before it. */
  fixLogLineBytesMax: 1024 * 1024 + 4096,
  /** One record of a record file, its line end included: the longest in the field have a few thousand columns. */
  recordBytesMax: 64 * 1024,
  /** Garbage between two frames is named in pieces of at most this size, so that it streams too. */
  garbagePieceBytesMax: 64 * 1024,
  /** Fields of one FIX message; bounds the index of a message full of separators. */
  fixFieldsMax: 50_000,
  /** Events of one trade report whose legs each side tells: both numbers come from one message, and multiply. */
  fixReportEventsMax: 10_000,
  /** Parties of the report in all of these events together: each of them names them all. */
  fixReportPartiesMax: 100_000,
  /** Depth of nested FIX groups; the standard's own tables stop at four. */
  fixGroupDepthMax: 16,
  /** A dictionary: the repository of FIX Latest with its documentation has some 20 million characters. */
  dictionaryCharsMax: 64 * 1024 * 1024,
  /** Levels of elements in a dictionary; nested groups are what makes them. */
  dictionaryDepthMax: 64,
  dictionaryElementsMax: 1_000_000,
  /** Attributes of one element of a dictionary, and the characters of one of them. */
  dictionaryAttributesMax: 64,
  dictionaryAttributeCharsMax: 16 * 1024,
  /** Text or comment between two elements of a dictionary. */
  dictionaryTextCharsMax: 4 * 1024 * 1024,
  /** The largest tag of a dictionary: by tag, arrays say what a field is. Venues stay below 50,000. */
  fixTagMax: 99_999,
  /** Members of one message with all its components and groups; FIX Latest has some 10,000 in its largest. */
  fixMembersMax: 200_000,
  /** A dialect is what differs from a version: even an exchange's has a few hundred lines. */
  dialectBytesMax: 512 * 1024,
  /** Problems told of one dictionary or dialect: the first ones name the cause. */
  dictionaryIssuesMax: 100,
  /** A FIN message: the network takes 10,000 characters; depositories on queues send statements of a few hundred kilobytes. */
  mtMessageBytesMax: 1024 * 1024,
  /** Fields of one ISO 15022 message; bounds the tree of a message full of line ends. */
  mtFieldsMax: 50_000,
  /** Depth of nested ISO 15022 sequences; the deepest of the standard has eight levels (penalties). */
  mtDepthMax: 16,
  /** One ISO 20022 document that is read whole; statements that are larger are read element by element. */
  mxMessageBytesMax: 16 * 1024 * 1024,
  /** An ISO 20022 document up to here is one frame; a longer statement is told item by item. Messages have a few thousand bytes. */
  mxWholeBytesMax: 256 * 1024,
  /** What stands around the items of a statement, and rides with each of them; envelopes and headers have some two thousand. */
  mxContextCharsMax: 16 * 1024,
  /** Depth of XML elements; no message of the catalogue goes beyond 30, and namespaces are looked up by depth. */
  mxDepthMax: 64,
  /** Text of one XML element, in characters; the longest simple type of the catalogue has 20,000. */
  mxTextCharsMax: 64 * 1024,
  /** Attributes of one XML element and the characters of one of them; the catalogue has one, and namespaces come on top. */
  mxAttributesMax: 32,
  mxAttributeCharsMax: 4096,
  /** Elements of one ISO 20022 document that is read whole. */
  mxElementsMax: 200_000,
  /** Issues reported for one frame: the first ones name the cause, the rest repeat it. */
  issuesPerFrameMax: 32,
  /** One block of the entry log: one commit of one channel (design, section 4). */
  blockBytesMax: 512 * 1024,
  /** A smaller block stands in the database; a larger one in a block file, with a row that names its place. */
  blockInlineBytesMax: 16 * 1024,
  /** A block file; the next block begins another one, so that expired bytes free their disk. */
  blockFileBytesMax: 256 * 1024 * 1024,
  /** Entries in a block: the index half of an offset has 16 bits. */
  blockEntriesMax: 65_535,
  /** Bytes of an entry that stand in its block; above, they go to chunked blobs. */
  entryBytesInlineMax: 1024 * 1024,
  /** One row of a chunked blob. */
  blobChunkBytes: 256 * 1024,
  /** A file that is refused waits in its entry up to this size: a position file of 400,000 rows. Read into memory whole. */
  heldFileBytesMax: 64 * 1024 * 1024,
  /** Bytes that wait for the log's writer before `append` holds its caller back. */
  appendPendingBytesMax: 16 * 1024 * 1024,
  /** Frames held above a gap in a FIX session; beyond, they are dropped and the open ResendRequest brings them again. */
  fixHeldFramesMax: 10_000,
  fixHeldBytesMax: 16 * 1024 * 1024,
  /** Hosts that an initiator tries after its first: a counterparty names two or three. */
  fixFailoverHostsMax: 16,
  /** Networks in one list of an acceptor's door; each connection is compared with all of them. */
  fixNetworksMax: 1000,
  /** Counterparties of one session template: the numbers of all of them stand in each commit of the channel. */
  fixTemplateSessionsMax: 256,
  /** A PROXY header, version 2: addresses take 36 bytes, what load balancers add to them stays below 1 KiB. */
  fixProxyHeaderBytesMax: 4096,
  /** A queue message that is read: FIN and ISO 20022 messages of networks end below a few megabytes. */
  queueMessageBytesMax: 16 * 1024 * 1024,
  /** A value shown in an issue or an error. */
  shownValueCharsMax: 64,
} as const;

export type Limits = { readonly [K in keyof typeof limits]: number };
