using Google.Protobuf;
using Rectify.Formats;
using Rectify.Tensors;

namespace Rectify.Onnx.Messages;

/// <summary>ONNX models in files: what https://onnx.ai describes, in protobuf's encoding.</summary>
/// <remarks>Fields that are not known are passed over. Tensors refer to the file's bytes, so reading takes little more memory than the file.</remarks>
public static class OnnxFile
{
    /// <summary>Reads a model; whether its graph makes sense is not looked at.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="RectifyException">It cannot be read, is no model, or keeps weights in other files.</exception>
    public static OnnxModel Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        byte[] bytes;
        try
        {
            long length = new FileInfo(path).Length;
            MemoryLimit.Require(length, path, "run on a larger machine");
            bytes = length <= Array.MaxLength ? File.ReadAllBytes(path) : throw new RectifyException($"{path} has more than 2 GB, and no ONNX file may.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RectifyException($"{path} cannot be read ({e.Message}); check the path.", e);
        }

        try
        {
            return Parse(bytes);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidDataException)
        {
            throw new RectifyException($"{path} is no ONNX model or is cut off ({e.Message.TrimEnd('.')}); export it anew.", e);
        }
        catch (RectifyException e)
        {
            throw new RectifyException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>Writes a model; the file is whole or not there.</summary>
    /// <param name="path">Where; a file that is there is replaced.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="RectifyException">It takes more than 2 GB, the most that protobuf can hold.</exception>
    /// <exception cref="IOException">The disk is full, or the folder cannot be written.</exception>
    public static void Write(string path, OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        using MessageWriter writer = new();
        try
        {
            ModelMessage.Write(writer, model);
        }
        catch (InvalidDataException e)
        {
            throw new RectifyException($"{path} cannot be written: {e.Message}.", e);
        }

        AtomicFile.Write(path, writer.CopyTo);
    }

    private static OnnxModel Parse(byte[] bytes) => ModelMessage.Read(new MessageReader(bytes));
}
