namespace Provenance.Runtime.Native;

/// <summary>One name in a folder, as getdents64(2) gives it.</summary>
/// <param name="Type">One of <c>DT_*</c>; <c>DT_UNKNOWN</c> on file systems that do not say.</param>
internal readonly record struct FolderItem(string Name, byte Type);
