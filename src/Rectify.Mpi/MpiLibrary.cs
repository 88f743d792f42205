using System.Runtime.InteropServices;
using Rectify.Tensors;

namespace Rectify.Mpi;

/// <summary>Open MPI's C interface, as far as it is needed. Its handles are addresses of objects in the library.</summary>
internal sealed unsafe class MpiLibrary
{
    private const int LoadNow = 2;
    private const int LoadGlobal = 0x100;

    private static readonly string[] Names = ["libmpi.so.40", "libmpi.so"];

    private readonly delegate* unmanaged<int*, byte***, int, int*, int> _initThread;
    private readonly delegate* unmanaged<int> _finalize;
    private readonly delegate* unmanaged<nint, int, int> _abort;
    private readonly delegate* unmanaged<nint, int*, int> _rank;
    private readonly delegate* unmanaged<nint, int*, int> _size;
    private readonly delegate* unmanaged<void*, void*, int, nint, nint, nint, nint*, int> _sum;
    private readonly delegate* unmanaged<void*, void*, int, nint, nint, nint, int> _sumAtOnce;
    private readonly delegate* unmanaged<void*, int, nint, void*, int*, int*, nint, nint, nint*, int> _gatherMany;
    private readonly delegate* unmanaged<void*, int, nint, void*, int, nint, nint, nint*, int> _gather;
    private readonly delegate* unmanaged<void*, int, nint, int, nint, nint*, int> _broadcast;
    private readonly delegate* unmanaged<nint*, int*, void*, int> _test;
    private readonly delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int> _send;
    private readonly delegate* unmanaged<void*, int, nint, int, int, nint, void*, int> _receive;
    private readonly delegate* unmanaged<int, int, nint, int*, void*, int> _probe;
    private readonly delegate* unmanaged<nint, nint, int> _setErrorHandler;
    private readonly nint _library;

    private MpiLibrary(nint library)
    {
        _library = library;
        World = Address("ompi_mpi_comm_world");
        Float = Address("ompi_mpi_float");
        Byte = Address("ompi_mpi_byte");
        Plus = Address("ompi_mpi_op_sum");
        Nothing = Address("ompi_request_null");
        _initThread = (delegate* unmanaged<int*, byte***, int, int*, int>)Address("MPI_Init_thread");
        _finalize = (delegate* unmanaged<int>)Address("MPI_Finalize");
        _abort = (delegate* unmanaged<nint, int, int>)Address("MPI_Abort");
        _rank = (delegate* unmanaged<nint, int*, int>)Address("MPI_Comm_rank");
        _size = (delegate* unmanaged<nint, int*, int>)Address("MPI_Comm_size");
        _sum = (delegate* unmanaged<void*, void*, int, nint, nint, nint, nint*, int>)Address("MPI_Iallreduce");
        _sumAtOnce = (delegate* unmanaged<void*, void*, int, nint, nint, nint, int>)Address("MPI_Allreduce");
        _gatherMany = (delegate* unmanaged<void*, int, nint, void*, int*, int*, nint, nint, nint*, int>)Address("MPI_Iallgatherv");
        _gather = (delegate* unmanaged<void*, int, nint, void*, int, nint, nint, nint*, int>)Address("MPI_Iallgather");
        _broadcast = (delegate* unmanaged<void*, int, nint, int, nint, nint*, int>)Address("MPI_Ibcast");
        _test = (delegate* unmanaged<nint*, int*, void*, int>)Address("MPI_Test");
        _send = (delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int>)Address("MPI_Isend");
        _receive = (delegate* unmanaged<void*, int, nint, int, int, nint, void*, int>)Address("MPI_Recv");
        _probe = (delegate* unmanaged<int, int, nint, int*, void*, int>)Address("MPI_Iprobe");
        _setErrorHandler = (delegate* unmanaged<nint, nint, int>)Address("MPI_Comm_set_errhandler");
    }

    /// <summary>MPI_COMM_WORLD.</summary>
    public nint World { get; }

    /// <summary>MPI_FLOAT.</summary>
    public nint Float { get; }

    /// <summary>MPI_BYTE.</summary>
    public nint Byte { get; }

    /// <summary>MPI_SUM.</summary>
    public nint Plus { get; }

    /// <summary>MPI_REQUEST_NULL.</summary>
    public nint Nothing { get; }

    /// <summary>Loads the library so that its symbols are visible to its own plugins.</summary>
    /// <exception cref="RectifyException">It is not there, or not Open MPI.</exception>
    public static MpiLibrary Load()
    {
        foreach (string name in Names)
        {
            // NativeLibrary.Load would keep the symbols to itself, and Open MPI's plugins look for them.
            nint library = OpenLibrary(name, LoadNow | LoadGlobal);
            if (library != 0)
            {
                return new MpiLibrary(library);
            }
        }

        throw new RectifyException("This process was started by an MPI launcher, and Open MPI's library (libmpi.so.40) is not there: apt install libopenmpi3 openmpi-bin.");
    }

    /// <summary>Begins; one thread will call.</summary>
    public void Initialize()
    {
        const int funneled = 1;

        // Summing in place and in parts: of themselves Open MPI 4's sums that go on beside the caller gather all at one rank and spread the result, at half the speed.
        _ = SetEnvironment("OMPI_MCA_coll_libnbc_iallreduce_algorithm", "3", overwrite: 0);
        int provided;
        Check(_initThread(null, null, funneled, &provided), "MPI_Init_thread");
        Check(_setErrorHandler(World, Address("ompi_mpi_errors_return")), "MPI_Comm_set_errhandler");
    }

    /// <summary>Ends.</summary>
    public void FinalizeAll() => _ = _finalize();

    /// <summary>Ends all ranks.</summary>
    public void Abort(int code) => _ = _abort(World, code);

    /// <summary>This process's rank.</summary>
    public int Rank()
    {
        int rank;
        Check(_rank(World, &rank), "MPI_Comm_rank");
        return rank;
    }

    /// <summary>How many ranks there are.</summary>
    public int Size()
    {
        int size;
        Check(_size(World, &size), "MPI_Comm_size");
        return size;
    }

    /// <summary>Begins a sum in place.</summary>
    public nint Sum(void* values, int count)
    {
        nint request;
        Check(_sum(InPlace, values, count, Float, Plus, World, &request), "MPI_Iallreduce");
        return request;
    }

    /// <summary>Sums in place, and waits for it inside the library.</summary>
    public nint SumAtOnce(void* values, int count)
    {
        Check(_sumAtOnce(InPlace, values, count, Float, Plus, World), "MPI_Allreduce");
        return Nothing;
    }

    /// <summary>Begins to gather parts of several lengths in place.</summary>
    public nint GatherMany(void* values, int* counts, int* offsets)
    {
        nint request;
        Check(_gatherMany(InPlace, 0, Float, values, counts, offsets, Float, World, &request), "MPI_Iallgatherv");
        return request;
    }

    /// <summary>Begins to gather parts of one length.</summary>
    public nint Gather(void* mine, int length, void* all)
    {
        nint request;
        Check(_gather(mine, length, Byte, all, length, Byte, World, &request), "MPI_Iallgather");
        return request;
    }

    /// <summary>Begins to give all what rank 0 has.</summary>
    public nint Broadcast(void* values, int length)
    {
        nint request;
        Check(_broadcast(values, length, Byte, 0, World, &request), "MPI_Ibcast");
        return request;
    }

    /// <summary>Whether what was begun is done.</summary>
    public bool Test(ref nint request)
    {
        int done;
        fixed (nint* at = &request)
        {
            Check(_test(at, &done, null), "MPI_Test");
        }

        return done != 0;
    }

    /// <summary>Begins to send a few bytes.</summary>
    public nint Send(void* values, int length, int to, int tag)
    {
        nint request;
        Check(_send(values, length, Byte, to, tag, World, &request), "MPI_Isend");
        return request;
    }

    /// <summary>Takes a message of a rank if one has come.</summary>
    public bool TryReceive(void* values, int length, int from, int tag)
    {
        int waiting;
        Check(_probe(from, tag, World, &waiting, null), "MPI_Iprobe");
        if (waiting != 0)
        {
            Check(_receive(values, length, Byte, from, tag, World, null), "MPI_Recv");
        }

        return waiting != 0;
    }

    // MPI_IN_PLACE.
    private static void* InPlace => (void*)1;

    private nint Address(string name) => NativeLibrary.TryGetExport(_library, name, out nint address)
        ? address
        : throw new RectifyException($"The MPI library has no {name}: it is not Open MPI 4; install openmpi-bin and libopenmpi3, and start with its mpirun.");

    private static void Check(int code, string function)
    {
        if (code != 0)
        {
            throw new RectifyException($"{function} failed with code {code}: a rank or the network between has gone.");
        }
    }

    // The library reads the process's own environment, of which .NET has a copy.
    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetEnvironment(string name, string value, int overwrite);

    [DllImport("libc", EntryPoint = "dlopen", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint OpenLibrary(string name, int flags);
}
