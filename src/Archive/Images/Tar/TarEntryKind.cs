namespace Provenance.Archive.Images.Tar;

/// <summary>What a tar entry makes.</summary>
internal enum TarEntryKind
{
    File,
    HardLink,
    SymbolicLink,
    CharacterDevice,
    BlockDevice,
    Folder,
    Fifo,
}
