//! Zip files, byte by byte: what the import system makes of one depends on details that no library writes.

/// A member.
pub struct Member {
    /// Its name, which ends with `/` for a directory.
    pub name: String,
    /// Its content.
    pub data: Vec<u8>,
    /// Whether it is stored with the method `deflate`.
    pub deflated: bool,
}

/// The time of every member: 2020-01-01 00:00:00.
pub const TIME: u32 = 1_577_836_800;
const DOS_TIME: u32 = 0x5021_0000;

/// A member that is stored.
pub fn member(name: impl Into<String>, data: impl Into<Vec<u8>>) -> Member {
    Member { name: name.into(), data: data.into(), deflated: false }
}

/// The zip file with these members, behind `before` and with `comment` at its end.
pub fn archive(members: &[Member], before: &[u8], comment: &[u8]) -> Vec<u8> {
    let (mut body, mut directory) = (Vec::new(), Vec::new());
    for member in members {
        let offset = length(&body);
        let data = if member.deflated { deflate(&member.data) } else { member.data.clone() };
        let header = header(member, &data);
        body.extend(b"PK\x03\x04");
        body.extend(&header);
        body.extend(member.name.as_bytes());
        body.extend(data);
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&header);
        // The lengths of the comment, the number of the disk, attributes.
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(member.name.as_bytes());
    }
    let count = u16::try_from(members.len()).unwrap().to_le_bytes();
    let mut end = b"PK\x05\x06\0\0\0\0".to_vec();
    end.extend(count);
    end.extend(count);
    end.extend(length(&directory).to_le_bytes());
    end.extend(length(&body).to_le_bytes());
    end.extend(u16::try_from(comment.len()).unwrap().to_le_bytes());
    [before, &body, &directory, &end, comment].concat()
}

/// What the local header and the directory both hold.
fn header(member: &Member, data: &[u8]) -> Vec<u8> {
    let method: u16 = if member.deflated { 8 } else { 0 };
    // The flag says that the name is UTF-8.
    let flags: u16 = if member.name.is_ascii() { 0 } else { 0x800 };
    let mut header = vec![0x14, 0];
    header.extend(flags.to_le_bytes());
    header.extend(method.to_le_bytes());
    header.extend(DOS_TIME.to_le_bytes());
    header.extend(crc(&member.data).to_le_bytes());
    header.extend(length(data).to_le_bytes());
    header.extend(length(&member.data).to_le_bytes());
    header.extend(u16::try_from(member.name.len()).unwrap().to_le_bytes());
    header.extend([0, 0]);
    header
}

/// One block that is not compressed, which every decompressor reads.
fn deflate(data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap();
    let mut out = vec![1];
    out.extend(length.to_le_bytes());
    out.extend((!length).to_le_bytes());
    out.extend(data);
    out
}

fn length(data: &[u8]) -> u32 {
    u32::try_from(data.len()).unwrap()
}

fn crc(data: &[u8]) -> u32 {
    !data.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 })
    })
}
