import {
  CreateBucketCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import { describeArtifactStoreContract } from '@millrace/backstage-plugin-pipelines-node';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import S3rver from 's3rver';
import { ArtifactStores, LocalArtifactStore, S3ArtifactStore } from './index';

const BUCKET = 'millrace';
const CREDENTIALS = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };

jest.setTimeout(60_000);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'millrace-store-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** An S3 server with one bucket, in the folder of the test. */
async function startS3() {
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    directory: folder,
    silent: true,
    configureBuckets: [],
  });
  const address = await server.run();
  const config = {
    bucket: BUCKET,
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${address.port}`,
    prefix: 'portal/',
    forcePathStyle: true,
    credentials: CREDENTIALS,
  };
  const client = new S3Client(config);
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const store = new S3ArtifactStore(config);
  return {
    store,
    config,
    async countFiles() {
      const { Contents = [] } = await client.send(
        new ListObjectsV2Command({ Bucket: BUCKET }),
      );
      return Contents.length;
    },
    async close() {
      store.close();
      client.destroy();
      await server.close();
    },
  };
}

describeArtifactStoreContract('LocalArtifactStore', async () => ({
  store: await LocalArtifactStore.create({ folder }),
  countFiles: async () => {
    const found = await readdir(folder, {
      recursive: true,
      withFileTypes: true,
    });
    return found.filter(entry => entry.isFile()).length;
  },
  close: async () => {},
}));

describeArtifactStoreContract('S3ArtifactStore', startS3);

describe('S3ArtifactStore', () => {
  it('says what is wrong when the bucket is not there', async () => {
    const { config, close } = await startS3();
    const store = new S3ArtifactStore({ ...config, bucket: 'elsewhere' });
    await expect(
      store.add(Readable.from([Buffer.from('a')]), { maxBytes: 10 }),
    ).rejects.toThrow(/bucket/i);
    store.close();
    await close();
  });
});

describe('ArtifactStores', () => {
  it('puts new files into the store in use, and finds those of the other', async () => {
    const s3 = await startS3();
    const stores = new ArtifactStores();
    stores.addArtifactStore(
      await LocalArtifactStore.create({ folder: path.join(folder, 'local') }),
    );
    stores.addArtifactStore(s3.store);
    const limits = { maxBytes: 10 };
    const read = async (key: string) =>
      (await buffer((await stores.open(key))!.read())).toString();

    stores.use('local');
    const old = await stores.add(Readable.from([Buffer.from('old')]), limits);
    stores.use('s3');
    const recent = await stores.add(
      Readable.from([Buffer.from('new')]),
      limits,
    );

    expect(recent.key).toMatch(/^s3:/);
    expect(await read(old.key)).toBe('old');
    expect(await read(recent.key)).toBe('new');
    await stores.remove(recent.key);
    expect(await stores.open(recent.key)).toBeUndefined();
    await s3.close();
  });

  it('knows nothing of files in a store that is not there any more', async () => {
    const stores = new ArtifactStores();
    expect(await stores.open('bucket9:aa/x')).toBeUndefined();
    await stores.remove('bucket9:aa/x');
  });

  it('names the stores that there are, when another one is wanted', () => {
    const stores = new ArtifactStores();
    stores.addArtifactStore(
      new S3ArtifactStore({
        bucket: 'b',
        region: 'r',
        prefix: '',
        forcePathStyle: false,
      }),
    );
    expect(() => stores.use('s4')).toThrow(
      "'pipelines.artifacts.store' is 's4', and there is no such store; known are s3",
    );
  });
});
