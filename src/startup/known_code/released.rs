//! Startup modules as they were released: known by their digest, so that the commonest are read once and not taken apart.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::startup::python_code::Grammar;

/// How much of a digest is compared.
const DIGEST_BYTES: usize = 16;

/// A module, and the beginning of the SHA-256 of each text of it that was released: none of them touches `sys.path`.
const RELEASED: &[(&str, &[&str])] = &[
    // setuptools 49.1.3 to 84.2.
    (
        "_distutils_hack",
        &[
            "026d425507ed93f30700abdf25056940",
            "03b38d1d8d6e9e14d4f12116683368d4",
            "06c27ded9e7642a2d5d5ea432989050e",
            "1542e30b6d07156f447ab4bcaec4a3a3",
            "228181f268b46192561e7b9a3c57ff31",
            "322f93bf23a7b8ccd421cfeeb68129e6",
            "4513b154dbf2fa7776a1d0812e6d4396",
            "46849a60a7cc85189cf6b5ac62b3f135",
            "4bf5b0bc8f8af7ce7096e96f7167cf4f",
            "4c2531daa12158dcabb8bce3e0338664",
            "4d27a48545b57dd137ae35376fcf326d",
            "52c30c27c38334fa426ba8d8784f7bb5",
            "5f7454880e8a04fa0499ca3f0a3002ca",
            "600ff3472bad5c46ee6438a9516e8442",
            "7688a23bb369b867ca503635e94c6259",
            "870913c1cb82e84d190b5b700c4cc71a",
            "870c6f4869d409d7434c7ef7b9917556",
            "9b737c2ccce2dad2e896acfb6285c708",
            "9bc5b111a0a9cfbe403c5ca562f18a71",
            "a325c4f62f92a19daaa558088e4339af",
            "a390f4d5ada584de84c5fed69fffd50f",
            "c05b8045c9a51ed915db41df44195068",
            "ccb3a83ef896531388f58fec08c15ee7",
            "ced72e54431ecf2d8d7dbd8a1e27724f",
            "df81e6bcba34ee3e3952f776551fb669",
            "e1d21987df00de20d4729c8afacee31b",
            "e4a51d09fa11eb20b12a2861f82c5c55",
            "f0016db17603c3430ca7a444e28b1577",
            "fcc99a0fb405120ec879fd8f8d35f974",
        ],
    ),
    // virtualenv 20.0 to 21.15, and uv.
    (
        "_virtualenv",
        &[
            "0278334cdcfab4c746b4416fbd5c2b6e",
            "02943e192823d75212f206e1f2991ac5",
            "07584d2a5d13e0811eb567d78ed2aca0",
            "095a1099733d28c837bca584f5fb3eb3",
            "0aeb86546345c1d0fada097536e35525",
            "0f20351ea7e90039c46d3fabdef991f2",
            "119e4eb9c1a39e6ffd220840844bd326",
            "460589e83387d4dfe5fd84d41c5f6979",
            "684b8c07932ba4a84ac2e5ae9afe49ef",
            "82944bb74841efbcfdc3539e7d60df63",
            "96245d9e9c0b16fdcd99b470abe10186",
            "bd9633de3d8122488d66fcfa0c7f0c9c",
            "bec6155ff7bfc88f8e79e481f27fd7ee",
            "c9199315871b11b12df226f890a38e66",
            "ce57d5e0d9b5d7356cb42da7450ba8f9",
            "cfb3db86aaa53bb62b5ff764970bec2d",
            "cfe56cafbd68fd31a0e87100f111d7d2",
            "d762c207d745129f173766ffd8b96144",
            "dd8e633ed8b9f4741a52379f6d95cb2b",
            "e3db5fe06ab41ca9b95dd6463b838367",
            "e8c426ce260f866254ff35cefedc8b3e",
            "f4dfaeb9efc1614890cfa94ed15bbe9b",
        ],
    ),
];

/// Whether the module is exactly as its tool has released it. The texts are written for 3.8 and later.
pub(super) fn is_known(module: &str, content: &[u8], grammar: Grammar) -> bool {
    let Some((_, digests)) = RELEASED.iter().find(|(name, _)| *name == module).filter(|_| grammar.walrus) else {
        return false;
    };
    let digest = HEXLOWER.encode(&Sha256::digest(content)[..DIGEST_BYTES]);
    digests.contains(&digest.as_str())
}
