namespace Provenance.Runtime.Observing;

/// <summary>What a call asks of one path. A call that asks for several has several.</summary>
[Flags]
internal enum FileAccess
{
    None = 0,

    /// <summary>Content was opened for reading.</summary>
    Read = 1,

    /// <summary>Content was opened for writing, or its length was set.</summary>
    Write = 2,

    /// <summary>It is made if it is not there (O_CREAT, mkdir, mknod, symlink, the new name of link and rename).</summary>
    Create = 4,

    /// <summary>What was in it is thrown away (O_TRUNC, truncate to 0).</summary>
    Truncate = 8,

    /// <summary>It must not be there already (O_EXCL).</summary>
    Exclusive = 16,

    /// <summary>A folder was opened, so that its names can be listed.</summary>
    List = 32,

    /// <summary>It was started as a program, or named as the interpreter of one.</summary>
    Execute = 64,

    /// <summary>The name was taken away (unlink, rmdir, the old name of rename, or what rename put another in place of).</summary>
    Remove = 128,

    /// <summary>Mode, owner, times or extended attributes were set.</summary>
    Attributes = 256,

    /// <summary>A Unix socket was bound or connected to under this name.</summary>
    Socket = 512,
}
