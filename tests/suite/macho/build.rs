//! Small Mach-O files, byte by byte: what a linker writes, as far as the kernel and dyld look at it.

/// A processor, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cpu {
    Arm64,
    X86_64,
    I386,
}

impl Cpu {
    fn numbers(self) -> (u32, u32) {
        match self {
            Self::Arm64 => (0x0100_000c, 0),
            Self::X86_64 => (0x0100_0007, 3),
            Self::I386 => (7, 3),
        }
    }
}

/// How the exported names are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exports {
    /// In a trie, as linkers have done since 2010.
    Trie,
    /// Only in the table of symbols.
    Symbols,
}

/// A file to be.
#[derive(Clone, Debug)]
pub struct File {
    cpu: Cpu,
    kind: u32,
    id: Option<String>,
    libraries: Vec<(u32, String)>,
    rpaths: Vec<String>,
    imports: Vec<String>,
    /// Names with the contents of the variables.
    exports: Vec<(String, Vec<u8>)>,
    texts: Vec<String>,
    how: Exports,
}

const PROGRAM: u32 = 2;
const LIBRARY: u32 = 6;
const BUNDLE: u32 = 8;
const HEADER: usize = 32;
const BASE: u64 = 0x1_0000_0000;
/// A number of the trie in three bytes, whatever its size, so that places are known before they are written.
const NUMBER: usize = 3;

impl File {
    fn new(kind: u32) -> Self {
        Self {
            cpu: Cpu::Arm64,
            kind,
            id: None,
            libraries: Vec::new(),
            rpaths: Vec::new(),
            imports: Vec::new(),
            exports: Vec::new(),
            texts: Vec::new(),
            how: Exports::Trie,
        }
        .needs("/usr/lib/libSystem.B.dylib")
    }

    pub fn program() -> Self {
        Self::new(PROGRAM)
    }

    pub fn library(id: &str) -> Self {
        Self { id: Some(id.to_owned()), ..Self::new(LIBRARY) }
    }

    pub fn bundle() -> Self {
        Self::new(BUNDLE)
    }

    pub fn on(self, cpu: Cpu) -> Self {
        Self { cpu, ..self }
    }

    pub fn listing(self, how: Exports) -> Self {
        Self { how, ..self }
    }

    pub fn needs(mut self, library: &str) -> Self {
        self.libraries.push((0xc, library.to_owned()));
        self
    }

    pub fn may_need(mut self, library: &str) -> Self {
        self.libraries.push((0x8000_0018, library.to_owned()));
        self
    }

    pub fn rpath(mut self, rpath: &str) -> Self {
        self.rpaths.push(rpath.to_owned());
        self
    }

    pub fn imports(mut self, names: &[&str]) -> Self {
        self.imports.extend(names.iter().map(|name| (*name).to_owned()));
        self
    }

    pub fn exports(mut self, name: &str, value: &[u8]) -> Self {
        self.exports.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn text(mut self, text: &str) -> Self {
        self.texts.push(text.to_owned());
        self
    }

    /// The bytes.
    pub fn bytes(&self) -> Vec<u8> {
        let size = HEADER + self.commands(&Places::default()).concat().len();
        let places = self.places(size);
        let commands = self.commands(&places);
        let (cpu, subtype) = self.cpu.numbers();
        let magic = if self.cpu == Cpu::I386 { 0xfeed_face } else { 0xfeed_facf_u32 };
        let count = u32::try_from(commands.len()).unwrap();
        let length = u32::try_from(commands.concat().len()).unwrap();
        let mut file = words(&[magic, cpu, subtype, self.kind, count, length, 0x0020_0085, 0]);
        file.extend(commands.concat());
        file.extend(&places.content);
        file
    }

    fn commands(&self, places: &Places) -> Vec<Vec<u8>> {
        let mut commands = vec![segment(places.end)];
        if let Some(id) = &self.id {
            commands.push(dylib(0xd, id));
        }
        commands.extend(self.libraries.iter().map(|(kind, path)| dylib(*kind, path)));
        commands.extend(self.rpaths.iter().map(|path| text_command(0x8000_001c, 12, &[], path)));
        commands.push(words(&[0x2, 24, places.symbols, places.symbol_count, places.strings, places.strings_size]));
        let defined = places.symbol_count - u32::try_from(self.imports.len()).unwrap().min(places.symbol_count);
        let mut dysymtab = vec![0xb, 80, 0, 0, 0, defined, defined, u32::try_from(self.imports.len()).unwrap()];
        dysymtab.resize(20, 0);
        commands.push(words(&dysymtab));
        if self.how == Exports::Trie {
            commands.push(words(&[0x8000_0033, 16, places.trie, places.trie_size]));
        }
        // Built for macOS 11.0.
        commands.push(words(&[0x32, 24, 1, 11 << 16, 11 << 16, 0]));
        commands
    }

    /// What follows the load commands, and where each part of it is.
    fn places(&self, start: usize) -> Places {
        let mut content = Vec::new();
        for text in &self.texts {
            content.push(0);
            content.extend_from_slice(text.as_bytes());
        }
        content.push(0);
        pad(&mut content);
        let mut addresses = Vec::new();
        for (_, value) in &self.exports {
            addresses.push(start + content.len());
            content.extend_from_slice(value);
            pad(&mut content);
        }
        let trie = self.trie(&addresses);
        let trie_at = start + content.len();
        content.extend_from_slice(&trie);
        pad(&mut content);
        let (symbols, strings) = self.symbols(&addresses);
        let symbols_at = start + content.len();
        content.extend(symbols.concat());
        let strings_at = start + content.len();
        content.extend_from_slice(&strings);
        let number = |value: usize| u32::try_from(value).unwrap();
        Places {
            end: (start + content.len()) as u64,
            trie: number(trie_at),
            trie_size: number(trie.len()),
            symbols: number(symbols_at),
            symbol_count: number(symbols.len()),
            strings: number(strings_at),
            strings_size: number(strings.len()),
            content,
        }
    }

    /// A root with an edge for each name.
    fn trie(&self, addresses: &[usize]) -> Vec<u8> {
        let edges: Vec<String> = self.exports.iter().map(|(name, _)| format!("_{name}\0")).collect();
        let root: usize = 2 + edges.iter().map(|edge| edge.len() + NUMBER).sum::<usize>();
        let mut trie = vec![0, u8::try_from(edges.len()).unwrap()];
        let mut leaf = root;
        for edge in &edges {
            trie.extend_from_slice(edge.as_bytes());
            trie.extend(number(leaf));
            leaf += 3 + NUMBER;
        }
        for address in addresses {
            trie.extend([1 + u8::try_from(NUMBER).unwrap(), 0]);
            trie.extend(number(*address));
            trie.push(0);
        }
        trie
    }

    /// The symbols, those that are defined elsewhere last, and their names.
    fn symbols(&self, addresses: &[usize]) -> (Vec<Vec<u8>>, Vec<u8>) {
        let mut strings = vec![0];
        let mut symbols = Vec::new();
        let defined = self.exports.iter().zip(addresses).map(|((name, _), at)| (name, 0x0f, 1, BASE + *at as u64));
        let undefined = self.imports.iter().map(|name| (name, 0x01, 0, 0));
        for (name, kind, section, value) in defined.chain(undefined) {
            let mut symbol = words(&[u32::try_from(strings.len()).unwrap()]);
            symbol.extend([kind, section, 0, 0]);
            symbol.extend(value.to_le_bytes());
            symbols.push(symbol);
            strings.extend_from_slice(format!("_{name}\0").as_bytes());
        }
        (symbols, strings)
    }
}

/// Where the parts are.
#[derive(Default)]
struct Places {
    end: u64,
    trie: u32,
    trie_size: u32,
    symbols: u32,
    symbol_count: u32,
    strings: u32,
    strings_size: u32,
    content: Vec<u8>,
}

/// One file for several processors.
pub fn universal(files: &[File]) -> Vec<u8> {
    let mut table = vec![0xca, 0xfe, 0xba, 0xbe];
    table.extend(u32::try_from(files.len()).unwrap().to_be_bytes());
    let mut content = Vec::new();
    for file in files {
        content.resize(content.len().next_multiple_of(0x1000), 0);
        let (cpu, subtype) = file.cpu.numbers();
        let bytes = file.bytes();
        let numbers =
            [cpu, subtype, u32::try_from(0x1000 + content.len()).unwrap(), u32::try_from(bytes.len()).unwrap(), 12];
        table.extend(numbers.iter().flat_map(|number| number.to_be_bytes()));
        content.extend(bytes);
    }
    table.resize(0x1000, 0);
    table.extend(content);
    table
}

fn segment(size: u64) -> Vec<u8> {
    let mut command = words(&[0x19, 72]);
    command.extend(b"__TEXT\0\0\0\0\0\0\0\0\0\0");
    command.extend([BASE, size, 0, size].iter().flat_map(|number| number.to_le_bytes()));
    command.extend(words(&[5, 5, 0, 0]));
    command
}

fn dylib(kind: u32, path: &str) -> Vec<u8> {
    text_command(kind, 24, &[2, 0x0001_0000, 0x0001_0000], path)
}

/// A load command with a text at `offset`, after some numbers.
fn text_command(kind: u32, offset: u32, numbers: &[u32], text: &str) -> Vec<u8> {
    let size = (offset as usize + text.len() + 1).next_multiple_of(8);
    let mut command = words(&[kind, u32::try_from(size).unwrap(), offset]);
    command.extend(words(numbers));
    command.extend_from_slice(text.as_bytes());
    command.resize(size, 0);
    command
}

fn number(value: usize) -> [u8; NUMBER] {
    let bits = |shift: usize| u8::try_from(value >> shift & 0x7f).unwrap();
    [bits(0) | 0x80, bits(7) | 0x80, bits(14)]
}

fn words(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

fn pad(content: &mut Vec<u8>) {
    content.resize(content.len().next_multiple_of(8), 0);
}

/// The number that `Py_Version` holds.
fn hex(version: &str) -> Vec<u8> {
    let mut parts = version.split('.').map(|part| part.parse::<u64>().unwrap());
    let mut next = || parts.next().unwrap();
    (next() << 24 | next() << 16 | next() << 8 | 0xf0).to_le_bytes().to_vec()
}

impl File {
    /// The same, with what every image has that holds the interpreter of that release.
    pub fn python(self, version: &str) -> Self {
        let minor = version.split('.').nth(1).unwrap().to_owned();
        let known = self.exports("Py_GetVersion", b"\0").exports("Py_BytesMain", b"\0").exports("Py_Initialize", b"\0");
        let known = known.text(&format!(".cpython-3{minor}-darwin.so")).text("").text(version);
        if minor.parse::<u32>().unwrap() >= 11 { known.exports("Py_Version", &hex(version)) } else { known }
    }

    /// The stub of a framework, which starts the interpreter in its bundle.
    pub fn stub(library: &str) -> Self {
        Self::program()
            .needs(library)
            .imports(&["Py_Initialize", "dladdr", "posix_spawn", "_NSGetExecutablePath"])
            .text("Resources/Python.app/Contents/MacOS/Python")
    }

    /// The same, with its texts in the instructions.
    pub fn without_texts(self) -> Self {
        Self { texts: Vec::new(), ..self }
    }

    /// `main` around a library.
    pub fn main(library: &str) -> Self {
        Self::program().needs(library).imports(&["Py_BytesMain"])
    }
}
