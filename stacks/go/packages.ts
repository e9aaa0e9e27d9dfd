import type { Needs } from '../stack.ts';

interface Module {
  readonly path: string;
  readonly version: string;
}

/** What additions need besides what every service has. */
interface Packages {
  /** What their own files import. */
  readonly direct: readonly Module[];
  /** What those modules import. */
  readonly indirect: readonly Module[];
  /** What those modules raise to a later version. */
  readonly raised: readonly Raised[];
  /** Lines of go.sum, as `npm run lockfiles -- --stack go` compares them with those of `go mod tidy`. */
  readonly sums: readonly string[];
}

/** A module that nothing but tests of other modules import. */
interface Raised extends Module {
  /** Lines of go.sum that its old version needs. */
  readonly sums: readonly string[];
  /** Lines that it needs besides, where go.mod names it. */
  readonly pinned: readonly string[];
}

const NOTHING: Packages = { direct: [], indirect: [], raised: [], sums: [] };

export const PACKAGES: Readonly<Record<Needs, Packages>> = {
  client: {
    direct: [{ path: 'github.com/failsafe-go/failsafe-go', version: 'v0.9.8' }],
    indirect: [{ path: 'github.com/bits-and-blooms/bitset', version: 'v1.24.4' }],
    raised: [
      {
        path: 'github.com/kr/pretty',
        version: 'v0.3.0',
        sums: [
          'github.com/kr/pretty v0.3.0 h1:WgNl7dwNpEZ6jJ9k1snq4pZsg7DOEN8hP9Xw0Tsjwk0=',
          'github.com/kr/pretty v0.3.0/go.mod h1:640gp4NfQd8pI5XOwp5fnNeVWj67G7CFk/SaSQn7NBk=',
        ],
        pinned: [
          'github.com/creack/pty v1.1.9/go.mod h1:oKZEueFk5CKHvIhNR5MUki03XCEU+Q6VDXinZuGJ33E=',
          'github.com/rogpeppe/go-internal v1.6.1/go.mod h1:xXDCJY+GAPziupqXw64V24skbSoqbTEfhy4qGm1nDQc=',
          'gopkg.in/check.v1 v1.0.0-20180628173108-788fd7840127/go.mod h1:Co6ibVJAznAaIkqp8huTwlJQCZ016jof/cbN4VW5Yz0=',
          'gopkg.in/errgo.v2 v2.1.0/go.mod h1:hNsd1EY+bozCKY1Ytp96fpM3vjJbqLJn88ws8XvfDNI=',
        ],
      },
    ],
    sums: [
      'github.com/bits-and-blooms/bitset v1.24.4 h1:95H15Og1clikBrKr/DuzMXkQzECs1M6hhoGXLwLQOZE=',
      'github.com/bits-and-blooms/bitset v1.24.4/go.mod h1:7hO7Gc7Pp1vODcmWvKMRA9BNmbv6a/7QIWpPxHddWR8=',
      'github.com/failsafe-go/failsafe-go v0.9.8 h1:NzahTEc+vg6FqCJV0Sy9mgwcaCemB81c8iSHWTF/urU=',
      'github.com/failsafe-go/failsafe-go v0.9.8/go.mod h1:wMKUFRbxxjWwvwhJttSiim9BaQssrlZV4lk0IwPkwUc=',
      'github.com/influxdata/tdigest v0.0.1 h1:XpFptwYmnEKUqmkcDjrzffswZ3nvNeevbUSLPP/ZzIY=',
      'github.com/influxdata/tdigest v0.0.1/go.mod h1:Z0kXnxzbTC2qrx4NaIzYkE1k66+6oEDQTvL95hQFh5Y=',
      'github.com/kr/pretty v0.3.1 h1:flRD4NNwYAUpkphVc1HcthR4KEIFJ65n8Mw5qdRn3LE=',
      'github.com/kr/pretty v0.3.1/go.mod h1:hoEshYVHaxMs3cyo3Yncou5ZscifuDolrwPKZanG3xk=',
      'golang.org/x/net v0.59.0 h1:5zfYln+w5XCxwrnMMJPufRgNoXEaGxl0wo5GqPXyues=',
      'golang.org/x/net v0.59.0/go.mod h1:2DA/G1UfVbCpQPeWTmMPGY7Cs2PkBkwu743bVX5PIVg=',
      'google.golang.org/genproto/googleapis/rpc v0.0.0-20240814211410-ddb44dafa142 h1:e7S5W7MGGLaSu8j3YjdezkZ+m1/Nm0uRVRMEMGk26Xs=',
      'google.golang.org/genproto/googleapis/rpc v0.0.0-20240814211410-ddb44dafa142/go.mod h1:UqMtugtsSgubUsoxbuAoiCXvqvErP7Gf0so0mK9tHxU=',
      'google.golang.org/grpc v1.67.1 h1:zWnc1Vrcno+lHZCOofnIMvycFcc0QRGIzm9dhnDX68E=',
      'google.golang.org/grpc v1.67.1/go.mod h1:1gLDyUQU7CTLJI90u3nXZ9ekeghjeM7pTDZlqFNg2AA=',
    ],
  },
  // A rollout is a hash and a few lines of Go.
  flag: NOTHING,
};
