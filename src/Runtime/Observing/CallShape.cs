namespace Provenance.Runtime.Observing;

/// <summary>How the arguments of an observed call are read.</summary>
internal enum CallShape
{
    /// <summary>One path, by the columns of <see cref="ObservedCall"/>.</summary>
    Path,

    /// <summary>Path, flags.</summary>
    Open,

    /// <summary>Folder, path, flags.</summary>
    Openat,

    /// <summary>Folder, path, struct open_how and its size.</summary>
    Openat2,

    /// <summary>Path.</summary>
    Creat,

    /// <summary>Path, argv, envp.</summary>
    Execve,

    /// <summary>Folder, path, argv, envp, flags.</summary>
    Execveat,

    /// <summary>Old and new name.</summary>
    Rename,

    /// <summary>Old folder, old name, new folder, new name, flags.</summary>
    Renameat,

    /// <summary>Old and new name.</summary>
    Link,

    /// <summary>Old folder, old name, new folder, new name, flags.</summary>
    Linkat,

    /// <summary>Descriptor, address, its length.</summary>
    Connect,

    /// <summary>Descriptor, address, its length.</summary>
    Bind,

    /// <summary>Descriptor, content, its length, flags, address, its length.</summary>
    SendTo,

    /// <summary>Descriptor, messages, their number.</summary>
    SendMany,

    /// <summary>Which of the calls of a 32-bit program, and the address of its arguments.</summary>
    Socketcall,

    /// <summary>Path; what the calling process calls <c>/</c> changes.</summary>
    Chroot,

    /// <summary>Namespaces or mounts of the job's own.</summary>
    Namespaces,

    /// <summary>A file without any name.</summary>
    MemoryFile,

    /// <summary>A listener of the job's own, which the kernel refuses beside ours.</summary>
    OwnListener,

    /// <summary>Calls by a ring, which nobody sees: refused.</summary>
    Ring,

    /// <summary>Nothing but that it was made: older kernels lack it.</summary>
    Noted,

    /// <summary>Nothing is told; the process is looked at while its parent is still there.</summary>
    Session,
}
